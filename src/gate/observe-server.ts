import type { ServerCriterion } from "../model/criterion.ts";
import { messageOf } from "../model/problem.ts";
import type { ServerObservation } from "../model/run.ts";
import type { PrometheusClient } from "../prometheus/client.ts";
import { fillWindow } from "../prometheus/promql.ts";
import type { QueryResult, Series } from "../prometheus/series.ts";

/** Finest step worth asking for, and how many steps a window is cut into at most. */
const FINEST_STEP_MS = 1000;
const MOST_STEPS = 240;

/** Asks Prometheus each criterion's query over the run. A query that fails is an observation with its error. */
export async function observeServer(
  client: Pick<PrometheusClient, "instant" | "range">,
  criteria: readonly ServerCriterion[],
  window: { startMs: number; endMs: number },
): Promise<ServerObservation[]> {
  return await Promise.all(criteria.map((criterion) => observe(client, criterion, window)));
}

async function observe(
  client: Pick<PrometheusClient, "instant" | "range">,
  criterion: ServerCriterion,
  { startMs, endMs }: { startMs: number; endMs: number },
): Promise<ServerObservation> {
  const query = fillWindow(criterion.query, endMs - startMs);
  const about = { id: criterion.id, query: criterion.query };
  try {
    const result =
      criterion.stat.kind === "last"
        ? await client.instant(query, endMs)
        : await client.range(query, startMs, endMs, stepFor(endMs - startMs));
    return { ...about, ...reduce(result, criterion), error: null };
  } catch (thrown) {
    return { ...about, samples: 0, values: [], warnings: [], error: messageOf(thrown) };
  }
}

function stepFor(windowMs: number): number {
  return Math.max(FINEST_STEP_MS, Math.ceil(windowMs / MOST_STEPS / 1000) * 1000);
}

function reduce(result: QueryResult, criterion: ServerCriterion) {
  const series = result.series.filter(({ values }) => values.length > 0);
  return {
    samples: series.reduce((sum, { values }) => sum + values.length, 0),
    values: series.map((one) => ({ labels: { ...one.labels }, value: reduceSeries(one, criterion) })),
    warnings: [...result.warnings],
  };
}

function reduceSeries({ values }: Series, { stat }: ServerCriterion): number {
  const sorted = values.toSorted();
  switch (stat.kind) {
    case "min":
      return sorted[0] as number;
    case "avg":
      return sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    case "last":
      return values.at(-1) as number;
    case "quantile":
      return sorted[Math.max(0, Math.ceil(stat.q * sorted.length) - 1)] as number;
    default:
      return sorted.at(-1) as number;
  }
}
