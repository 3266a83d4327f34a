import { requestsPerIteration, timesByEndpoint } from "../../../scenarios/lib/frequency.ts";
import type { Journey } from "../../../scenarios/lib/journey.ts";
import type { Testbed, TestbedEndpoint } from "../../../scenarios/lib/testbed.ts";
import type { ClientCriterion } from "../../../src/model/criterion.ts";
import { loadThresholds } from "../../../src/systems/thresholds-file.ts";
import { meanServiceMs } from "../../../src/testbed/service-time.ts";

/** A target whose limit is known, and who loads it. */
export interface World {
  readonly seed: number;
  readonly system: string;
  readonly journey: Journey;
  readonly endpoints: Readonly<Record<string, TestbedEndpoint>>;
  readonly criteria: readonly ClientCriterion[];
  readonly workers: number;
  /** k6 tells seconds off by up to half of one, and a second later. */
  readonly engine: "k6" | "autocannon";
  /** All workers stand still for so long, so often. */
  readonly pause: { readonly everyMs: number; readonly lengthMs: number } | null;
  /** Requests beyond so many at once get 503; null: they queue. */
  readonly refuseBeyond: number | null;
  /** A busy machine: answers come later by so much on average, and all of them stand still now and then. */
  readonly noiseMs: number;
}

export const USUAL: TestbedEndpoint = { medianMs: 20, p95Ms: 60 };

export type Conditions = Partial<Pick<World, "engine" | "pause" | "refuseBeyond" | "noiseMs">>;

/** A system's journey, SLA and testbed, with so many workers. */
export async function worldOf(
  system: string,
  workers: number,
  seed: number,
  conditions: Conditions = {},
): Promise<World> {
  const folder = `../../../scenarios/${system}`;
  const { default: journey } = (await import(`${folder}/journey.ts`)) as { default: Journey };
  const { default: testbed } = (await import(`${folder}/testbed.ts`)) as { default: Testbed };
  const { client } = loadThresholds(".", system).thresholds;
  const criteria = client.filter(({ shapes }) => shapes?.includes("breakpoint") ?? true);
  return {
    ...{ seed, system, journey, endpoints: testbed.endpoints, criteria, workers },
    ...{ engine: "autocannon", pause: null, refuseBeyond: null, noiseMs: 1 },
    ...conditions,
  };
}

/** Requests/s at which the workers are always busy. */
export function saturationOf({ journey, endpoints, workers, pause }: World): number {
  let busyMs = 0;
  for (const [endpoint, times] of timesByEndpoint(journey))
    busyMs += times * meanServiceMs(endpoints[endpoint] ?? USUAL);
  const atWork = pause === null ? 1 : 1 - pause.lengthMs / pause.everyMs;
  return (workers * 1000 * requestsPerIteration(journey) * atWork) / busyMs;
}
