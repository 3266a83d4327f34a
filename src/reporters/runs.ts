import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";
import { formatQuantity } from "../model/unit.ts";
import type { Verdict } from "../model/verdict.ts";
import { stripControls } from "./safe-text.ts";
import { paints, table } from "./table.ts";
import { engineWords, signedPercent } from "./words.ts";

/** One past run in a line; null: not measured. */
export interface RunLine {
  readonly id: string;
  readonly startedAt: string;
  readonly scenario: string;
  readonly status: Verdict["status"];
  readonly engine: string;
  readonly requests: number;
  readonly requestsPerSecond: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly failedRatio: number | null;
  readonly folder: string;
}

export function runLine(run: RunResult, status: Verdict["status"], folder: string): RunLine {
  const duration = findRow(run.metrics, "http_req_duration", {});
  const quantile = (q: number) => duration?.quantiles?.[run.quantileGrid.indexOf(q)] ?? null;
  const requests = duration?.samples ?? 0;
  const seconds = run.evidence.durationMs / 1000;
  return {
    id: run.id,
    startedAt: run.startedAt,
    scenario: run.asked.scenario,
    status,
    engine: engineWords(run.engine),
    requests,
    requestsPerSecond: seconds > 0 ? requests / seconds : null,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    failedRatio: findRow(run.metrics, "http_req_failed", {})?.ratio ?? null,
    folder,
  };
}

const BARS = "▁▂▃▄▅▆▇█";

/** Past runs for a person at a terminal: the newest last, where the eye is. */
export function renderRunsTerminal(
  system: string,
  lines: readonly RunLine[],
  all: number,
  { color }: { color: boolean },
): string {
  const { red, green, yellow, bold, dim } = paints(color);
  const marks = { pass: green("✓ pass"), fail: red("✗ fail"), inconclusive: yellow("? inconclusive") };
  const shown = (value: number | null, unit: "ms" | "ratio" | "per-second") =>
    value === null ? "–" : formatQuantity(value, unit);
  const before = new Map<string, number>();
  const rows = lines.map((line) => {
    const last = before.get(line.scenario);
    if (line.p95Ms !== null) before.set(line.scenario, line.p95Ms);
    return [
      marks[line.status],
      line.startedAt.replace("T", " ").slice(0, 16),
      line.scenario,
      shown(line.requestsPerSecond, "per-second"),
      shown(line.failedRatio, "ratio"),
      shown(line.p50Ms, "ms"),
      shown(line.p95Ms, "ms"),
      last === undefined || line.p95Ms === null ? "" : signedPercent(line.p95Ms / last - 1),
      dim(line.id),
    ];
  });
  const head = ["", "started (UTC)", "scenario", "rate", "failed", "p50", "p95", "since", "run"];
  const trends = [...new Set(lines.map(({ scenario }) => scenario))].flatMap((scenario) => {
    const values = lines.filter((line) => line.scenario === scenario).flatMap(({ p95Ms }) => p95Ms ?? []);
    if (values.length < 3) return [];
    return [
      `  ${scenario} p95 ${sparkline(values)} ${formatQuantity(Math.min(...values), "ms")} to ${formatQuantity(Math.max(...values), "ms")}`,
    ];
  });
  const text = [
    "",
    `${bold(system)} · ${lines.length === all ? `${all}` : `the newest ${lines.length} of ${all}`} runs`,
    "",
    table(
      head.map((name) => dim(name)),
      rows,
      ["left", "left", "left", "right", "right", "right", "right", "right", "left"],
    ),
    ...(trends.length > 0 ? ["", ...trends] : []),
    `  ${dim("since: p95 against the run of the same scenario before it; `headroom compare` says whether that is more than chance")}`,
  ];
  return `${stripControls(text.join("\n"), color)}\n`;
}

/** ▁▃█: values between their least and greatest. */
export function sparkline(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const at = (value: number) =>
    most === least ? 3 : Math.round(((value - least) / (most - least)) * (BARS.length - 1));
  return values.map((value) => BARS[at(value)]).join("");
}
