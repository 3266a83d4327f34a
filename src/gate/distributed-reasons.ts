import type { Evidence } from "../model/evidence.ts";
import type { RunResult } from "../model/run.ts";
import { formatQuantity } from "../model/unit.ts";
import type { ValidityReason } from "./reason.ts";

/** Generators that begin further apart than this share of the run, or than this, made no common peak. */
const FURTHEST_APART = { share: 0.01, leastMs: 2000 };

/** What keeps a load that several generators made from having been the load that was asked for. */
export function distributedReasons(
  evidence: Evidence,
  generators: NonNullable<Evidence["generators"]>,
): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  // Whatever the others saw, they saw it under another load than was asked.
  const add = (code: string, message: string, remedy: string) =>
    reasons.push({ code, message, remedy, excusesFailure: true });
  const { expected, begun, ended, repeated, beginSpreadMs, unaccounted } = generators;
  if (evidence.interrupted)
    add("interrupted", "the wait for the generators was interrupted", "Ask again when they have ended");
  if (begun.length !== expected)
    add(
      "generators-missing",
      `${begun.length} of ${expected} generators are seen (${begun.join(", ")})`,
      begun.length < expected
        ? "Look for pods that never started and for remote writes that were refused; the load was smaller than asked"
        : "The identifier was used for two runs: export the run again under one of its own",
    );
  const silent = begun.filter((runner) => !ended.includes(runner));
  if (silent.length > 0)
    add(
      "generators-unended",
      `${silent.length === 1 ? "generator" : "generators"} ${silent.join(", ")} did not say that ${silent.length === 1 ? "it" : "they"} ended`,
      "See what became of them: killed, evicted or still running; their last samples may be missing",
    );
  if (repeated.length > 0)
    add(
      "generators-repeated",
      `${repeated.length === 1 ? "generator" : "generators"} ${repeated.join(", ")} began more than once`,
      "A restarted pod, or an identifier used before: export the run again under an identifier of its own",
    );
  if (beginSpreadMs > Math.max(FURTHEST_APART.leastMs, FURTHEST_APART.share * evidence.durationMs))
    add(
      "generators-apart",
      `the generators began within ${formatQuantity(beginSpreadMs, "ms")} of each other: their peaks did not meet`,
      "Let them wait for each other (k6-operator does), and check that their clocks agree",
    );
  if (unaccounted !== 0)
    add(
      "samples-missing",
      unaccounted > 0
        ? `the store has no duration of ${unaccounted} requests that were counted`
        : `the store has durations of ${-unaccounted} requests that were not counted`,
      "Look for remote writes that were refused; native histograms must be enabled in the store",
    );
  return reasons;
}

/** What nobody looked at. */
export function generatorNotices({ evidence }: RunResult): string[] {
  if (evidence.generators === undefined) return [];
  return [
    "the CPU of the generators was not seen: one that was saturated has inflated the latencies (look at its pod's)",
  ];
}
