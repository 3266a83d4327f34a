import { isSaturated, SATURATED_CPU, saturatedSeconds, stallOf } from "../model/generator-limits.ts";
import { findRow } from "../model/metric-row.ts";
import { OWN_ERRORS, ownErrors } from "../model/own-errors.ts";
import type { RunResult } from "../model/run.ts";
import { counted, formatQuantity } from "../model/unit.ts";
import type { ValidityReason } from "./reason.ts";

/** What the machine that made the load lacked, or the journey did wrong. */
export function generatorReasons(run: RunResult): ValidityReason[] {
  const { evidence, engine } = run;
  const reasons = exhaustionReasons(run);
  const samples = evidence.generatorCpu?.samples ?? [];
  if (isSaturated(samples)) {
    reasons.push({
      code: "generator-saturated",
      message: `${engine.name} used over ${SATURATED_CPU * 100}% of its ${formatQuantity(evidence.generatorCpu?.cores ?? 0, "cores")} for ${saturatedSeconds(samples)} of ${samples.length} s: the latencies contain its own waiting`,
      remedy: "Run the generator on more cores, apart from the target, or lower the rate",
      excusesFailure: true,
    });
  }
  const stalledMs = stallOf(evidence);
  if (stalledMs !== null) {
    reasons.push({
      code: "generator-stalled",
      message: `${engine.name} itself stood still for ${formatQuantity(stalledMs, "ms")}: the latencies contain that time`,
      remedy:
        "Run it where nothing suspends or throttles it, such as a paused machine or a CPU limit, and again",
      excusesFailure: true,
    });
  }
  if ((evidence.exceptions ?? 0) > 0) {
    reasons.push({
      code: "exceptions",
      message: `${counted(evidence.exceptions ?? 0, "iteration")} threw an exception`,
      remedy: `Fix the journey: ${evidence.log.find((line) => /error|exception/i.test(line)) ?? "see the log"}`,
      excusesFailure: false,
    });
  }
  return reasons;
}

/** Requests that never left the generator count as failed, and are not the target's failures. */
function exhaustionReasons(run: RunResult): ValidityReason[] {
  const requests = findRow(run.metrics, "http_reqs", {})?.count ?? 0;
  return ownErrors(run).map(({ kind, count }) => ({
    code: "generator-exhausted",
    message: `${counted(count, "request")} of ${requests} never left the generator: ${kind}`,
    remedy: OWN_ERRORS[kind] as string,
    excusesFailure: true,
  }));
}
