import { z } from "zod";
import { EngineUsed } from "./run.ts";

/** Why a run proves nothing, or what a reader must know beside the verdict. */
export const Reason = z.object({
  code: z.string().describe("What it is, in a word that does not change: `iterations-dropped`."),
  message: z.string().describe("What was seen, with its figures."),
  remedy: z.string().describe("What to do about it."),
});
export type Reason = z.infer<typeof Reason>;

export const JudgedCriterion = z.object({
  id: z.string().describe("The criterion's id; of a script's own threshold, its selector and expression."),
  kind: z
    .enum(["client", "server", "regression"])
    .describe("Seen by the load generator, by Prometheus, or in comparison with a baseline."),
  metric: z.string().describe("The metric; of a server criterion, its PromQL query."),
  where: z
    .string()
    .describe("Endpoint, tags and phase: `detect · steady`, `all`; `server` for a server criterion."),
  stat: z.string().describe("Statistic that is held to the limit, such as p95 or rate."),
  unit: z
    .enum(["ms", "ratio", "per-second", "count", "bytes", "seconds", "cores", "number"])
    .describe("Unit of limit, observed and interval."),
  operator: z
    .enum(["<=", "<", ">=", ">"])
    .describe("The criterion holds when `observed operator limit` is true."),
  limit: z.number().describe("The threshold, in the unit; of a regression, the least change that counts."),
  severity: z.enum(["gate", "warn"]).describe("`gate` decides the verdict, `warn` is reported beside it."),
  observed: z
    .number()
    .nullable()
    .describe("Value that the run shows; of a regression, the change against the baseline; null: not known."),
  samples: z
    .number()
    .int()
    .nonnegative()
    .describe("Samples it rests on: of the load, values of all series, or the candidate's requests."),
  status: z
    .enum(["pass", "fail", "warn", "no-data"])
    .describe(
      "`fail`: a gate criterion is broken; `warn`: a warn criterion is; `no-data`: it was not decided.",
    ),
  interval: z
    .object({ low: z.number().describe("Low end."), high: z.number().describe("High end.") })
    .nullable()
    .describe(
      "95% confidence interval of observed, for percentiles, shares and changes; null: none can be given.",
    ),
  note: z
    .string()
    .nullable()
    .describe("What a reader must know of it: why there is no data, or that the interval holds the limit."),
  why: z.string().describe("Where the limit comes from and what breaks beyond it."),
});
export type JudgedCriterion = z.infer<typeof JudgedCriterion>;

export const Verdict = z.object({
  schema: z.literal("headroom/verdict@1").describe("Name and version of this format."),
  system: z.string().describe("System whose thresholds apply."),
  scenario: z.string().describe("Load shape, or the file name of the user's own script."),
  engine: EngineUsed.describe("What made the load."),
  status: z
    .enum(["pass", "fail", "inconclusive"])
    .describe("`fail`: a gate criterion is broken; `inconclusive`: the run proves nothing, see reasons."),
  interrupted: z.boolean().describe("The user stopped the run."),
  reasons: z.array(Reason).describe("Why the run proves nothing; empty: it is valid."),
  notices: z.array(z.string()).describe("What a reader must know beside the verdict; decides nothing."),
  criteria: z.array(JudgedCriterion).describe("Every criterion that speaks of this run, judged."),
  run: z.string().describe("Path of run.json."),
});
export type Verdict = z.infer<typeof Verdict>;
