import { InputError, ToolError } from "../../model/problem.ts";
import type { PrometheusClient } from "../../prometheus/client.ts";
import { RUN_TAG, RUNNER_TAG, RunLabels } from "./run-order.ts";

/** How far back a run may have begun. */
const LOOK_BACK = "30d";

/** The marks that the generators of a run left in the store; times by their own clocks, ms. */
export interface Marks {
  readonly labels: RunLabels;
  readonly begun: ReadonlyMap<string, number>;
  readonly ended: ReadonlyMap<string, number>;
  /** Generators that began more than once: a restart, or an identifier that was used before. */
  readonly repeated: readonly string[];
}

type Client = Pick<PrometheusClient, "instant">;

/** The marks of a run; null when no generator of it has begun. Throws when their labels contradict each other. */
export async function findMarks(client: Client, runId: string): Promise<Marks | null> {
  const now = Date.now();
  const selector = (metric: string) => `${metric}{${RUN_TAG}="${runId}"}[${LOOK_BACK}]`;
  const [begun, ended, changes] = await Promise.all([
    client.instant(`last_over_time(${selector("k6_headroom_begun")})`, now),
    client.instant(`last_over_time(${selector("k6_headroom_ended")})`, now),
    client.instant(`changes(${selector("k6_headroom_begun")}) > 0`, now),
  ]);
  if (begun.series.length === 0) return null;
  const said = new Map(begun.series.map(({ labels }) => [JSON.stringify(read(labels, runId)), labels]));
  if (said.size > 1) throw reused(runId);
  const times = ({ series }: typeof begun) =>
    new Map(series.map(({ labels, values }) => [labels[RUNNER_TAG] ?? "", (values.at(-1) as number) * 1000]));
  return {
    labels: read(begun.series[0]?.labels, runId),
    begun: times(begun),
    ended: times(ended),
    repeated: changes.series.map(({ labels }) => labels[RUNNER_TAG] ?? ""),
  };
}

/** When any generator of the run last wrote, by the generators' clocks, ms; null when not for some minutes. */
export async function lastWriteMs(client: Client, runId: string): Promise<number | null> {
  const { series } = await client.instant(`max(timestamp(k6_vus{${RUN_TAG}="${runId}"}))`, Date.now());
  const seconds = series[0]?.values.at(-1);
  return seconds === undefined ? null : seconds * 1000;
}

function read(labels: unknown, runId: string): RunLabels {
  const parsed = RunLabels.safeParse(labels);
  if (parsed.success) return parsed.data;
  throw new ToolError(
    `the mark of ${runId} does not say what it is a run of`,
    "Export the load again with this version of Headroom",
  );
}

const reused = (runId: string) =>
  InputError.option(
    `the generators of ${runId} say different things of their run: the identifier was used for two`,
    "Export the run again under an identifier of its own",
  );

export const notFound = (url: string, runId: string) =>
  new ToolError(
    `${url} holds nothing of a run ${runId} within ${LOOK_BACK}`,
    "Check the identifier, and the generators' logs: they write to K6_PROMETHEUS_RW_SERVER_URL; --wait waits for them to begin",
  );
