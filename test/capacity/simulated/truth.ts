import { pausePerIterationSeconds, requestsPerIteration } from "../../../scenarios/lib/frequency.ts";
import { planLoad } from "../../../scenarios/lib/load.ts";
import { slaOf } from "../../../src/capacity/sla.ts";
import { holds } from "../../../src/model/criterion.ts";
import { findRow } from "../../../src/model/metric-row.ts";
import { statisticOf } from "../../../src/model/statistic-of.ts";
import { Generator } from "./generator.ts";
import { Server } from "./server.ts";
import { saturationOf, type World } from "./world.ts";

/** So long that what is drawn by chance hardly weighs, virtual seconds; and how often the gap is halved. */
const SECONDS = 400;
const HALVINGS = 9;
/** Nearer to saturation than this, the SLA's own limit is not told from it. */
const NEAR = 0.97;

const known = new Map<string, number>();

/** The highest rate that holds the SLA in the long run, by bisection with loads of minutes; at most saturation. */
export function truthOf(world: World): number {
  const { system, workers, pause, refuseBeyond, noiseMs } = world;
  const key = JSON.stringify({ system, workers, pause, refuseBeyond, noiseMs });
  const before = known.get(key);
  if (before !== undefined) return before;
  const truth = bisect(world);
  known.set(key, truth);
  return truth;
}

function bisect(world: World): number {
  const saturation = saturationOf(world);
  if (isHeld(world, NEAR * saturation)) return saturation;
  let [low, high] = [0.2 * saturation, NEAR * saturation];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const rate = Math.sqrt(low * high);
    if (isHeld(world, rate)) low = rate;
    else high = rate;
  }
  return Math.sqrt(low * high);
}

function isHeld(world: World, rate: number): boolean {
  const plan = planLoad(
    {
      model: "open",
      start: rate,
      stages: [
        { duration: "30s", target: rate, phase: "warm-up" },
        { duration: `${SECONDS}s`, target: rate },
      ],
    },
    {
      requestsPerIteration: requestsPerIteration(world.journey),
      pauseSeconds: pausePerIterationSeconds(world.journey),
    },
  );
  const generator = new Generator({ ...world, engine: "autocannon", seed: 4711 }, new Server(world));
  const { metrics, quantileGrid } = generator.load({
    plan,
    signal: new AbortController().signal,
    onSecond: () => {},
  });
  return slaOf(world.criteria).every(({ metric, tags, stat, bound }) => {
    const row = findRow(metrics, metric, { ...tags, phase: "steady" });
    const value = row === null ? null : statisticOf(row, stat, quantileGrid);
    return value === null || holds(bound, value);
  });
}
