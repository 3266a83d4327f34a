import type { Past, PastMetric } from "../../scenarios/lib/testbed.ts";
import { normal, seededRandom } from "../stats/random.ts";
import type { World } from "./worlds.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUARTER_MS = 90 * DAY_MS;

/** Share of the busy hour's traffic at the quietest time of the night. */
const NIGHT = 0.3;
/** 1970-01-01 was a Thursday. */
const WEEKDAYS = [0.99, 0.95, 0.62, 0.58, 0.98, 1, 1] as const;
/** Days differ by this much (standard deviation, relative), and half of it carries over to the next. */
const DAY_NOISE = 0.04;
const CARRY_OVER = 0.5;
const POINT_NOISE = 0.02;
/** Counters start again at 0 this often: a deployment. */
const RESET_EVERY_MS = 11 * DAY_MS;

export interface PastWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly seed: number;
}

/** What a made-up past really holds, to check a planner against. */
export interface PastTruth {
  /** One busy hour with half as much traffic again. */
  readonly flood: { readonly startMs: number; readonly endMs: number };
  /** Hours in which nearly nobody came. */
  readonly outage: { readonly startMs: number; readonly endMs: number };
  /** Hours that nobody scraped. */
  readonly gap: { readonly startMs: number; readonly endMs: number };
  readonly resetEveryMs: number;
  /** Traffic of a day's busy hour without its noise. */
  busyHour(dayMs: number): number;
}

/** How a past's level goes: a straight line, or a world of its own. */
export interface Trend {
  /** Growth of one quarter, relative to its start. */
  readonly growth: number;
  readonly world?: World;
}

/** Days of the flood, the outage and the gap, by the seed: apart, neither first nor last. */
export function truthOf(trend: Trend, { startMs, endMs, seed }: PastWindow): PastTruth {
  const random = seededRandom(seed ^ 0x9e3779b9);
  const days = Math.floor((endMs - startMs) / DAY_MS);
  const within = (from: number, to: number) => Math.floor(days * (from + random() * (to - from)));
  const firstDay = Math.floor(startMs / DAY_MS) * DAY_MS;
  const at = (day: number, hour: number, hours: number) => {
    const start = firstDay + day * DAY_MS + hour * HOUR_MS;
    return { startMs: start, endMs: start + hours * HOUR_MS };
  };
  return {
    flood: at(within(0.15, 0.35), 13, 2),
    outage: at(within(0.4, 0.6), 9, 9),
    gap: at(within(0.65, 0.85), 1, 5),
    resetEveryMs: RESET_EVERY_MS,
    busyHour: (dayMs) => trendAt(trend, dayMs + 14 * HOUR_MS, startMs) * weekdayAt(dayMs),
  };
}

const trendAt = ({ growth, world }: Trend, atMs: number, startMs: number) =>
  world === undefined ? 1 + (growth * (atMs - startMs)) / QUARTER_MS : world((atMs - startMs) / DAY_MS);
const weekdayAt = (atMs: number) => WEEKDAYS[Math.floor(atMs / DAY_MS) % 7] as number;

/** 1 over the busiest hour, which is centred on 14:30 UTC, and NIGHT twelve hours away. */
function hourlyAt(atMs: number): number {
  const fromPeak = ((atMs % DAY_MS) - 14.5 * HOUR_MS) / DAY_MS;
  return NIGHT + (1 - NIGHT) * ((1 + Math.cos(2 * Math.PI * fromPeak)) / 2) ** 1.5;
}

/** Traffic at every step: trend, week, day, noise, the flood and the outage; 1 in the first busy hour. */
export function trafficOf(past: Trend, window: PastWindow): Float64Array {
  const { startMs, endMs, stepMs, seed } = window;
  const { flood, outage } = truthOf(past, window);
  const random = seededRandom(seed);
  const isIn = (span: { startMs: number; endMs: number }, atMs: number) =>
    atMs >= span.startMs && atMs < span.endMs;
  let [day, dayNoise] = [Number.NaN, 0];
  return Float64Array.from({ length: Math.floor((endMs - startMs) / stepMs) + 1 }, (_, index) => {
    const atMs = startMs + index * stepMs;
    if (Math.floor(atMs / DAY_MS) !== day) {
      day = Math.floor(atMs / DAY_MS);
      dayNoise = CARRY_OVER * dayNoise + Math.sqrt(1 - CARRY_OVER ** 2) * DAY_NOISE * normal(random);
    }
    const usual = trendAt(past, atMs, startMs) * weekdayAt(atMs) * hourlyAt(atMs);
    const disturbed = isIn(flood, atMs) ? 1.6 : isIn(outage, atMs) ? 0.05 : 1;
    return usual * disturbed * Math.exp(dayNoise + POINT_NOISE * normal(random));
  });
}

/** The past as OpenMetrics text, a piece at a time, for `promtool tsdb create-blocks-from openmetrics`. */
export function* writeOpenMetrics(past: Past, window: PastWindow): Generator<string> {
  const { startMs, stepMs } = window;
  const { gap } = truthOf(past, window);
  const traffic = trafficOf(past, window);
  // The samples of one name must stand together.
  for (const name of new Set(past.metrics.map((metric) => metric.name))) {
    yield `# TYPE ${name} unknown\n`;
    for (const metric of past.metrics.filter((one) => one.name === name)) {
      for (let replica = 0; replica < (metric.replicas ?? 1); replica++) {
        const selector = name + labelsOf(metric, replica);
        const values = valuesOf(metric, traffic, window);
        let text = "";
        values.forEach((value, index) => {
          const atMs = startMs + index * stepMs;
          if (atMs >= gap.startMs && atMs < gap.endMs) return;
          text += `${selector} ${Number(value.toPrecision(9))} ${atMs / 1000}\n`;
        });
        yield text;
      }
    }
  }
  yield "# EOF\n";
}

function valuesOf(metric: PastMetric, traffic: Float64Array, { startMs, stepMs }: PastWindow): Float64Array {
  if (metric.follows === "time")
    return traffic.map((_, index) => metric.level * (1 + (metric.growth * index * stepMs) / QUARTER_MS));
  const rates = traffic.map((factor) => (metric.idle ?? 0) + metric.level * factor);
  if (metric.type === "gauge") return rates;
  let count = 0;
  return rates.map((rate, index) => {
    const atMs = startMs + index * stepMs;
    if (Math.floor(atMs / RESET_EVERY_MS) !== Math.floor((atMs - stepMs) / RESET_EVERY_MS)) count = 0;
    count += (rate * stepMs) / 1000;
    return count;
  });
}

function labelsOf({ labels = {}, replicas = 1 }: PastMetric, replica: number): string {
  const all = { ...labels, ...(replicas > 1 ? { instance: String(replica) } : {}) };
  const written = Object.entries(all).map(
    ([key, value]) =>
      `${key}="${value.replace(/[\\"\n]/g, (mark) => (mark === "\n" ? "\\n" : `\\${mark}`))}"`,
  );
  return written.length === 0 ? "" : `{${written.join(",")}}`;
}
