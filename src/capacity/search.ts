import { RATE_LIMITER } from "../model/rate-limit.ts";
import type { StepResult } from "./step.ts";

/** Offers rates, ascending, and says what became of each; it may stop before the last. */
export type Probe = (rates: readonly number[]) => Promise<readonly StepResult[]>;

export interface SearchOptions {
  /** First rate of the ladder, requests/s, and the most that may be offered. */
  readonly start: number;
  readonly most: number;
  /** Each rung over the last. */
  readonly factor: number;
  /** Half the width of the interval, relative: 0.05 is ±5%. */
  readonly precision: number;
  /** Times each end of the interval must have been seen, the majority deciding. */
  readonly repeats: number;
  /** No further probe is begun once this says so. */
  isOver(): boolean;
}

export interface Found {
  /** Highest rate that held and lowest that broke; `high` is null where none broke. */
  readonly low: number;
  readonly high: number | null;
  /** What broke first above `low`. */
  readonly limitedBy: string;
  /** Answers/s that a rate limiter let pass, the least seen; null: none was met. */
  readonly limiterPasses: number | null;
  /** Whether both ends were seen often enough within the precision. */
  readonly isSettled: boolean;
  readonly steps: readonly StepResult[];
}

const RUNGS = 6;
/** A first rung that breaks is lowered by this, so many times. */
const LOWER_BY = 4;
const LEAST_RATE = 0.5;

/**
 * The highest rate that holds the SLA: a geometric ladder until it breaks, bisection of the gap, then repeats of both
 * ends, because near its limit a service holds one time and breaks the next.
 */
export async function findCapacity(probe: Probe, options: SearchOptions): Promise<Found> {
  const steps: StepResult[] = [];
  const offer = async (rates: readonly number[]) => {
    const results = await probe(rates);
    steps.push(...results);
    return results.length > 0;
  };
  let isOpen = await offer(rungs(options.start, options));
  while (isOpen && !options.isOver()) {
    const next = nextRates(steps, options);
    if (next === null) return conclude(steps, options, true);
    isOpen = await offer(next);
  }
  return conclude(steps, options, false);
}

/** What to offer next; null when the question is answered. */
function nextRates(steps: readonly StepResult[], options: SearchOptions): readonly number[] | null {
  const { low, high, blocked } = bounds(steps);
  if (blocked !== null && (high === null || blocked < high)) {
    // Above, a limiter answers, or the generator is at its limit: nothing more can be learned there.
    if (limiterPassesAt(steps, blocked) !== null) return null;
    return low > 0 && blocked / low > 1 + 4 * options.precision && timesTried(steps, blocked) < 2
      ? [blocked]
      : null;
  }
  if (high === null) {
    const top = Math.max(...steps.map(({ offered }) => offered));
    return top >= options.most * 0.999 ? null : rungs(top * options.factor, options);
  }
  if (low === 0) {
    const lowest = Math.min(...steps.map(({ offered }) => offered));
    return lowest / LOWER_BY < LEAST_RATE ? null : [lowest / LOWER_BY, lowest / 2];
  }
  if (high / low > (1 + options.precision) / (1 - options.precision)) return [Math.sqrt(low * high)];
  const unsure = [low, high].filter((rate) => !isSure(steps, rate, options.repeats));
  return unsure.length > 0 ? [unsure[0] as number] : null;
}

function rungs(from: number, { most, factor }: SearchOptions): number[] {
  const rates: number[] = [];
  for (let rate = from; rates.length < RUNGS && rate < most; rate *= factor) rates.push(rate);
  if (rates.length < RUNGS) rates.push(most);
  return rates;
}

/** What a limiter let pass where so much was offered; null: none was met there. */
function limiterPassesAt(steps: readonly StepResult[], rate: number): number | null {
  const passes = at(steps, rate).flatMap(({ limiterPasses }) => limiterPasses ?? []);
  return passes.length === 0 ? null : Math.min(...passes);
}

const at = (steps: readonly StepResult[], rate: number) =>
  steps.filter(({ offered }) => Math.abs(offered - rate) <= rate * 1e-6);
const timesTried = (steps: readonly StepResult[], rate: number) => at(steps, rate).length;

/** Whether a rate was tried often enough and its verdicts are no draw. */
function isSure(steps: readonly StepResult[], rate: number, repeats: number): boolean {
  const verdicts = at(steps, rate).filter(({ holds }) => holds !== null);
  const held = verdicts.filter(({ holds }) => holds).length;
  return verdicts.length >= repeats && held * 2 !== verdicts.length;
}

/**
 * The lowest rate that mostly broke and the highest below it that mostly held; a draw counts as broken until it is
 * repeated. `blocked`: the lowest rate at which only the generator's limit was seen.
 */
function bounds(steps: readonly StepResult[]): { low: number; high: number | null; blocked: number | null } {
  const rates = [...new Set(steps.map(({ offered }) => offered))].sort((a, b) => a - b);
  let low = 0;
  let blocked: number | null = null;
  for (const rate of rates) {
    const verdicts = at(steps, rate).filter(({ holds }) => holds !== null);
    if (verdicts.length === 0) {
      blocked ??= rate;
      continue;
    }
    const held = verdicts.filter(({ holds }) => holds).length;
    if (held * 2 <= verdicts.length) return { low, high: rate, blocked };
    low = rate;
    blocked = null; // it went further than this after all
  }
  return { low, high: null, blocked };
}

/** Precisions from the ends within which a verdict that was outvoted still widens the interval; farther off it was a hiccup. */
const NEAR = 4;
/** What the target answered where a queue grew: its throughput, whatever it was offered. */
const THROUGHPUT = "throughput";

/**
 * The interval in the end: near it, every verdict at or below `low` is "holds", every one at or above `high` is "breaks"; what
 * was answered both ways lies between. Where a queue grew at the first rate that broke, what was answered there is the
 * throughput of the target, and a rate above it that seemed to hold only had not been held for long enough.
 */
function conclude(
  steps: readonly StepResult[],
  { precision }: Pick<SearchOptions, "precision">,
  isSettled: boolean,
): Found {
  const { high: broken, low: held, blocked } = bounds(steps);
  const [least, most] = [held * (1 - NEAR * precision), (broken ?? held) * (1 + NEAR * precision)];
  const offered = (verdict: boolean) =>
    steps
      .filter(({ holds, offered }) => holds === verdict && offered >= least && offered <= most)
      .map(({ offered }) => offered);
  const firstBreak = Math.min(...offered(false), Number.POSITIVE_INFINITY);
  const longest = Math.max(
    ...[...offered(true), least].filter((rate) => rate < firstBreak && rate <= held),
    0,
  );
  const answered = (broken === null ? [] : at(steps, broken)).flatMap(({ brokenBy, sustained }) =>
    brokenBy?.startsWith(THROUGHPUT) && sustained !== null ? [sustained] : [],
  );
  const low = Math.min(longest, ...answered);
  const lastHold = Math.max(0, ...offered(true));
  const high =
    broken === null
      ? null
      : Math.min(...[...offered(false), most].filter((rate) => rate > lastHold && rate >= broken));
  const breakers = broken === null ? [] : at(steps, broken).flatMap(({ brokenBy }) => brokenBy ?? []);
  const limitedBy =
    breakers[0] ?? (blocked === null ? "not reached" : (at(steps, blocked)[0]?.brokenBy ?? "generator"));
  const limiterPasses = blocked === null ? null : limiterPassesAt(steps, blocked);
  const isKnown = high !== null && Number.isFinite(high);
  if (limiterPasses !== null) {
    // A rate above the limiter's held only by the burst that it allows, and one that broke above it broke behind it.
    const held = Math.min(low, limiterPasses);
    return { low: held, high: null, limitedBy: RATE_LIMITER, limiterPasses, isSettled: false, steps };
  }
  return {
    low,
    high: isKnown ? high : null,
    limitedBy,
    limiterPasses,
    isSettled: isSettled && isKnown && low > 0,
    steps,
  };
}
