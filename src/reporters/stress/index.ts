import { OWN_ERRORS } from "../../model/own-errors.ts";
import { type Stress, type StressFlaw, stressFlaws } from "../../model/stress.ts";
import { counted, formatNumber, formatQuantity } from "../../model/unit.ts";
import { writeCsv } from "../csv.ts";
import type { RenderedFile } from "../report.ts";
import { stripControls, escapeMarkdown as text } from "../safe-text.ts";
import { markdownTable, paints, table } from "../table.ts";
import { limiterWords } from "../words.ts";

export interface StressReporter {
  readonly describes: string;
  render(stress: Stress, before: Stress | null): readonly RenderedFile[];
}

/** What `stress --format` takes. */
export const stressReporters: Readonly<Record<string, StressReporter>> = {
  json: {
    describes: "stress.json: the measurement for other programs",
    render: (stress) => [{ name: "stress.json", text: `${JSON.stringify(stress, null, 2)}\n` }],
  },
  markdown: {
    describes: "stress.md: the measurement as a document",
    render: (stress, before) => [{ name: "stress.md", text: renderMarkdown(stress, before) }],
  },
  csv: {
    describes: "stress.csv: the figures, one a row",
    render: (stress, before) => [
      {
        name: "stress.csv",
        text: writeCsv([
          ["figure", "unit", "value", "before"],
          ...figures(stress).map(({ name, unit, value }, index) => [
            name,
            unit,
            value,
            before === null ? null : (figures(before)[index]?.value ?? null),
          ]),
        ]),
      },
    ],
  },
};

interface Figure {
  readonly name: string;
  readonly unit: "per-second" | "ms" | "ratio" | "bytes";
  readonly value: number | null;
}

function figures({ requests, latency, bytesPerSecond }: Stress): Figure[] {
  return [
    { name: "requests", unit: "per-second", value: requests.perSecond },
    { name: "failed", unit: "ratio", value: requests.failedRatio },
    { name: "mean", unit: "ms", value: latency.mean },
    { name: "p50", unit: "ms", value: latency.p50 },
    { name: "p90", unit: "ms", value: latency.p90 },
    { name: "p95", unit: "ms", value: latency.p95 },
    { name: "p99", unit: "ms", value: latency.p99 },
    { name: "p99.9", unit: "ms", value: latency.p999 },
    { name: "max", unit: "ms", value: latency.max },
    { name: "received/s", unit: "bytes", value: bytesPerSecond },
  ];
}

/** "coordinated omission corrected, resolution 0.001 ms". */
export function latencyNote({ latency, workers, rate }: Stress): string {
  const omission = latency.correctedForCoordinatedOmission
    ? "corrected for coordinated omission"
    : rate === null
      ? "not corrected for coordinated omission: without --rate a slow answer delays the next request unseen"
      : "not corrected for coordinated omission";
  return `latencies in steps of ${latency.resolutionMs} ms, ${omission}${workers > 0 ? "; with worker threads p95 is p97.5" : ""}`;
}

const shown = ({ value, unit }: Figure) => (value === null ? "–" : formatQuantity(value, unit));

function changeOf(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return "–";
  const percent = (now / before - 1) * 100;
  return `${percent >= 0 ? "+" : "−"}${formatNumber(Math.abs(percent))}%`;
}

function rows(stress: Stress, before: Stress | null): string[][] {
  const old = before === null ? [] : figures(before);
  return figures(stress).map((figure, index) => [
    figure.name,
    shown(figure),
    ...(before === null
      ? []
      : [shown(old[index] as Figure), changeOf(figure.value, old[index]?.value ?? null)]),
  ]);
}

const head = (before: Stress | null) => ["", "now", ...(before === null ? [] : ["before", "change"])];

function loadOf({ connections, rate, pipelining, workers }: Stress): string {
  return [
    `${connections} connections`,
    rate === null ? "as fast as they go" : `${formatNumber(rate)} requests/s`,
    ...(pipelining > 1 ? [`pipelining ${pipelining}`] : []),
    ...(workers > 0 ? [`${workers} threads`] : []),
  ].join(", ");
}

function answersOf({ statusCounts, errors, requests }: Stress): string {
  return [
    `${requests.total.toLocaleString("en-US")} requests`,
    ...statusCounts.map(({ status, count }) => `${status}: ${count.toLocaleString("en-US")}`),
    ...(errors.connection > 0 ? [`no connection: ${errors.connection.toLocaleString("en-US")}`] : []),
    ...(errors.timeout > 0 ? [`timed out: ${errors.timeout.toLocaleString("en-US")}`] : []),
  ].join(" · ");
}

/** Why nothing is said of the target; none where something is. */
const reasonsOf = (stress: Stress): string[] => stressFlaws(stress).map(wordsOf);

function wordsOf(flaw: StressFlaw): string {
  switch (flaw.kind) {
    case "rate-limited":
      return limiterWords(flaw.passesPerSecond);
    case "generator-exhausted":
      return `${counted(flaw.count, "request")} never left the generator: ${flaw.what}. ${OWN_ERRORS[flaw.what]}`;
    case "generator-stalled":
      return `the generator itself stood still for ${formatQuantity(flaw.stalledMs, "ms")}: the latencies contain that time`;
    case "generator-saturated":
      return "the generator was at the limit of its own cores: the latencies contain its waiting. Lower --rate, or give --workers";
    case "rate-not-delivered":
      return `${formatQuantity(flaw.perSecond, "per-second")} of ${formatQuantity(flaw.rate, "per-second")} were answered: the others waited, and are not in the latencies. Give more --connections, or a lower --rate`;
    case "silent":
      return `nothing was answered in the last ${counted(flaw.seconds, "second")}: what waited then is not in the latencies`;
    case "redirected":
      return `${formatQuantity(flaw.share, "ratio")} of the answers are redirects, which are not followed: give the address that answers itself`;
  }
}

export function renderStressTerminal(
  stress: Stress,
  before: Stress | null,
  { color }: { color: boolean },
): string {
  const { bold, dim, red } = paints(color);
  const lines = [
    "",
    `${bold(`${stress.method} ${stress.url}`)} · ${loadOf(stress)} · ${formatNumber(stress.durationMs / 1000)} s`,
    "",
    table(
      head(before).map((name) => dim(name)),
      rows(stress, before),
      ["left", "right", "right", "right"],
    ),
    "",
    `  ${(stress.requests.failedRatio > 0 ? red : dim)(answersOf(stress))}`,
    `  ${dim(latencyNote(stress))}`,
    ...reasonsOf(stress).map((reason) => `  ${red(reason)}`),
  ];
  return `${stripControls(lines.join("\n"), color)}\n`;
}

function renderMarkdown(stress: Stress, before: Stress | null): string {
  return [
    `## ${text(stress.method)} ${text(stress.url)}`,
    "",
    `${loadOf(stress)}, ${formatNumber(stress.durationMs / 1000)} s, ${stress.engine.name} ${text(stress.engine.version)}`,
    "",
    ...markdownTable(head(before), rows(stress, before), (name) => name !== ""),
    "",
    text(answersOf(stress)),
    "",
    text(latencyNote(stress)),
    "",
    ...reasonsOf(stress).flatMap((reason) => [text(reason), ""]),
  ].join("\n");
}
