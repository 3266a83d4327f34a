import { judge } from "../../src/gate/judge.ts";
import type { MetricRow } from "../../src/model/metric-row.ts";
import type { RunResult } from "../../src/model/run.ts";
import { client, ERRORS, METRICS, thresholds } from "../canonical.ts";

const SLA = thresholds([client(), ERRORS]);
export const TOO_SLOW = client({ bound: { operator: "<=", value: 50 } });

export const verdictOf = (run: RunResult, criteria = SLA) => judge(run, criteria, "run.json");
export const codes = (run: RunResult, criteria = SLA) =>
  verdictOf(run, criteria).reasons.map(({ code }) => code);

/** The rows of the canonical run with one of them replaced. */
export const replaced = (row: MetricRow) =>
  METRICS.map((old) =>
    old.metric === row.metric && JSON.stringify(old.tags) === JSON.stringify(row.tags) ? row : old,
  );
