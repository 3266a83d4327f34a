import type { ComparedLine, Comparison, Outcome, PlanComparison } from "../../model/comparison.ts";
import { formatNumber, formatQuantity, type Unit } from "../../model/unit.ts";
import { signedPercent } from "../words.ts";

/** Sentences and cells that every reporter of a comparison shares. */

export const OUTCOMES: Record<Outcome, string> = {
  regressed: "REGRESSED",
  improved: "IMPROVED",
  "no-change-shown": "NO CHANGE SHOWN",
  inconclusive: "INCONCLUSIVE",
};

/** "+17%" or, of a ratio, "+0.5 pp". */
export const changeText = (value: number, unit: ComparedLine["unit"]): string =>
  unit === "ratio" ? signedPercent(value).replace("%", " pp") : signedPercent(value);

export const valueCell = (value: number | null, unit: string): string =>
  value === null ? "–" : formatQuantity(value, unit as Unit);

export const changeCell = ({ change, unit }: ComparedLine): string =>
  change === null ? "–" : changeText(change, unit);

export const changeIntervalCell = ({ interval, unit }: ComparedLine): string =>
  interval === null ? "–" : `${changeText(interval.low, unit)} to ${changeText(interval.high, unit)}`;

export const placeCell = ({ endpoint, phase, stat, metric }: ComparedLine): string =>
  `${endpoint ?? "all"} ${metric === "http_req_failed" ? "failures" : metric === "http_reqs" ? "requests/s" : stat}${phase === null ? "" : ` · ${phase}`}`;

export function comparisonSentence({ lines, outcome }: Comparison): string {
  const of = (wanted: Outcome) =>
    lines.filter((line) => line.outcome === wanted && line.severity === "gate").map(placeCell);
  const names = of(outcome).join(", ");
  switch (outcome) {
    case "regressed":
      return `worse than the baseline: ${names}`;
    case "improved":
      return `better than the baseline: ${names}; nothing is worse`;
    case "inconclusive":
      return lines.length === 0 ? "nothing was compared" : `cannot be told from chance: ${names}`;
    case "no-change-shown":
      return `nothing changed by as much as counts, in ${lines.length} comparisons`;
  }
}

export function sideText(side: Comparison["baseline"]): string {
  const runs =
    side.runs.length === 1 ? `run ${side.runs[0]}` : `${side.runs.length} runs, first ${side.runs[0]}`;
  return `${runs}${side.target === null ? "" : ` of ${side.target}`}`;
}

const percent = (value: number | null) => (value === null ? "–" : `${formatNumber(value * 100)}%`);

export function planRows({ demands, resources }: PlanComparison) {
  return {
    demands: demands.map(({ signal, unit, days, error, bias, inside80, now, p90 }) => [
      signal,
      String(days),
      percent(error),
      bias === null ? "–" : changeText(bias, "ms"),
      percent(inside80),
      `${valueCell(now.older, unit)} → ${valueCell(now.newer, unit)}`,
      `${valueCell(p90.older, unit)} → ${valueCell(p90.newer, unit)}`,
    ]),
    resources: resources.map(({ resource, unit, current, recommended, runsOut }) => [
      resource,
      unit,
      arrow(current),
      arrow(recommended),
      `${runsOut.older ?? "–"} → ${runsOut.newer ?? "–"}`,
    ]),
  };
}

const arrow = ({ older, newer }: { older: number | null; newer: number | null }) =>
  `${older === null ? "–" : formatNumber(older)} → ${newer === null ? "–" : formatNumber(newer)}`;

export const DEMAND_HEAD = [
  "demand",
  "days",
  "error",
  "bias",
  "inside 80%",
  "now",
  "p90 at horizon",
] as const;
export const RESOURCE_HEAD = ["resource", "unit", "today", "recommended", "runs out"] as const;
