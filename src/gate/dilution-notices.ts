import { isFloor } from "../model/criterion.ts";
import type { RunResult } from "../model/run.ts";
import { formatQuantity } from "../model/unit.ts";
import type { JudgedCriterion } from "../model/verdict.ts";
import { countFailed } from "./endpoint-failures.ts";

/** An endpoint that is beyond a limit on the failures of all requests, which hold it only because others fail less. */
export function dilutionNotices(run: RunResult, judged: readonly JudgedCriterion[]): string[] {
  const held = judged.find(
    ({ metric, status, where, operator }) =>
      metric === "http_req_failed" && status === "pass" && where === "all" && !isFloor({ operator }),
  );
  if (held === undefined) return [];
  return (run.asked.expected ?? []).flatMap(({ endpoint }) => {
    const counts = countFailed(run.metrics, { name: endpoint });
    const share = counts === null ? 0 : counts.failed / counts.requests;
    return share > held.limit
      ? [
          `${formatQuantity(share, "ratio")} of the requests of ${endpoint} failed: ${held.id} holds only because others fail less`,
        ]
      : [];
  });
}
