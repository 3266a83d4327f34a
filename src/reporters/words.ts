import { isFloor } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { formatNumber, formatQuantity } from "../model/unit.ts";
import type { JudgedCriterion, Verdict } from "../model/verdict.ts";

/** Sentences and cells that every text reporter shares. */

export const HEADLINES: Record<Verdict["status"], string> = {
  pass: "PASS",
  fail: "FAIL",
  inconclusive: "INCONCLUSIVE",
};

const SIGNS = { "<=": "≤", "<": "<", ">=": "≥", ">": ">" } as const;

/** `k6 2.2.0`, `k6 2.2.0 on 4 generators`. */
export function engineWords({ name, version, generators }: RunResult["engine"]): string {
  return `${name} ${version}${generators === undefined ? "" : ` on ${generators} generators`}`;
}

export function summarySentence({ run, verdict }: { run: RunResult; verdict: Verdict }): string {
  const requests =
    run.metrics.find((row) => row.metric === "http_reqs" && Object.keys(row.tags).length === 0)?.count ?? 0;
  const counted = `${requests.toLocaleString("en-US")} requests in ${formatSeconds(run.evidence.durationMs)}`;
  const gates = verdict.criteria.filter(({ severity }) => severity === "gate");
  const broken = gates.filter(({ status }) => status === "fail");
  const also = broken.length > 0 ? `; broken: ${broken.map(({ id }) => id).join(", ")}` : "";
  switch (verdict.status) {
    case "pass":
      return `${gates.length === 1 ? "the gate criterion holds" : `all ${gates.length} gate criteria hold`}, ${counted}`;
    case "fail":
      return `${broken.length} of ${gates.length} gate criteria broken (${broken.map(({ id }) => id).join(", ")}), ${counted}`;
    case "inconclusive":
      return `${verdict.interrupted ? "interrupted" : "the run proves nothing"}${also}, ${counted}`;
  }
}

export function observedCell(criterion: JudgedCriterion): string {
  if (criterion.kind === "regression" && criterion.observed !== null)
    return signedPercent(criterion.observed);
  return criterion.observed === null ? "no data" : formatQuantity(criterion.observed, criterion.unit);
}

export function limitCell(criterion: JudgedCriterion): string {
  if (criterion.kind === "regression")
    return `${SIGNS[criterion.operator]} ${signedPercent(criterion.limit)}`;
  return `${SIGNS[criterion.operator]} ${formatQuantity(criterion.limit, criterion.unit)}`;
}

/** How far the observed value is from the limit, in percent of the limit; negative beyond it. */
export function marginCell(criterion: JudgedCriterion): string {
  if (criterion.observed === null || criterion.limit === 0 || criterion.kind === "regression") return "";
  const margin = ((criterion.limit - criterion.observed) / criterion.limit) * (isFloor(criterion) ? -1 : 1);
  const percent = margin * 100;
  return `${percent < 0 ? "−" : ""}${Math.abs(percent) >= 10 ? Math.abs(Math.round(percent)) : Number(Math.abs(percent).toFixed(1))}%`;
}

/** "+17%": a change has a sign. */
export function signedPercent(ratio: number): string {
  const amount = Math.abs(ratio * 100);
  const shown = amount >= 10 ? String(Math.round(amount)) : String(Number(amount.toFixed(1)));
  return `${shown === "0" ? "±" : ratio > 0 ? "+" : "−"}${shown}%`;
}

export function intervalCell({ interval, unit, kind }: JudgedCriterion): string {
  if (interval === null) return "";
  if (kind === "regression") return `${signedPercent(interval.low)} to ${signedPercent(interval.high)}`;
  const [low, high] = [formatQuantity(interval.low, unit), formatQuantity(interval.high, unit)];
  const [lowNumber, lowUnit] = low.split(" ");
  return high.endsWith(` ${lowUnit}`) && lowUnit !== undefined ? `${lowNumber}–${high}` : `${low}–${high}`;
}

export function engineNote({ engine }: RunResult): string | null {
  if (engine.name === "k6") return null;
  return `Measured by the embedded engine (autocannon ${engine.version}), not by k6: the journey's requests at the same rates from one core; latencies in histograms of three significant digits.`;
}

export function formatSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Criteria whose reason the reader has not seen yet: what is without data stands among the reasons of the verdict. */
export const unexplained = ({ criteria, reasons }: Verdict): JudgedCriterion[] =>
  criteria.filter(
    ({ id, status }) =>
      status !== "pass" &&
      !reasons.some(({ code, message }) => code === "no-data" && message.startsWith(`${id} `)),
  );

/** What a rate limiter leaves to say of a target, and what to do. */
export const limiterWords = (passesPerSecond: number): string =>
  `a rate limiter answers from about ${formatNumber(Number(passesPerSecond.toPrecision(2)))}/s on: exempt the generator's address from the limit, or test behind it`;
