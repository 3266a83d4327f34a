import type { RunResult } from "../model/run.ts";
import type { ValidityReason } from "./reason.ts";

/** How the engine ended, where that is not how a whole run ends. */
export function engineReasons({ evidence, engine }: RunResult): ValidityReason[] {
  const { exit } = evidence;
  if (evidence.interrupted) {
    return [
      {
        code: "interrupted",
        message: "the run was interrupted",
        remedy: "Let it run to its end; the partial results are kept",
        excusesFailure: true,
      },
    ];
  }
  if (!evidence.summaryComplete) {
    return [
      {
        code: "summary-missing",
        message: `${engine.name} ended without its summary (${exit.meaning})`,
        remedy:
          exit.signal === "SIGKILL"
            ? "Look for the out-of-memory killer in the system log; lower the load or the length"
            : `See the log: ${evidence.log[0] ?? "it is empty"}`,
        excusesFailure: true,
      },
    ];
  }
  if (exit.markedFailed) {
    return [
      {
        code: "script-marked-failed",
        message: "the script marked the test as failed",
        remedy: `See the log: ${evidence.log[0] ?? "it is empty"}`,
        excusesFailure: false,
      },
    ];
  }
  if (!exit.complete) {
    return [
      {
        code: "engine-exit",
        message: `${engine.name} ended unexpectedly: ${exit.meaning}`,
        remedy: `See the log: ${evidence.log[0] ?? "it is empty"}`,
        excusesFailure: true,
      },
    ];
  }
  if (evidence.scriptSummaryError === null) return [];
  return [
    {
      code: "summary-failed",
      message: `the script's own handleSummary failed: ${evidence.scriptSummaryError}`,
      remedy: "Fix it, or the path it writes to; Headroom's own summary of the run is complete",
      excusesFailure: false,
    },
  ];
}
