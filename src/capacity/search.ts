import { RATE_LIMITER } from "../model/rate-limit.ts";
import { type Bounds, boundsOf, throughputOf } from "./bounds.ts";
import type { StepResult } from "./step.ts";

/** Rates to be offered, ascending. */
export interface Ask {
  readonly rates: readonly number[];
  /** A single rate is held until chance weighs no more than this share. */
  readonly doubt: number;
  /** Nothing may last longer. */
  readonly secondsLeft: number;
}

/** Offers rates and says what became of each; it may stop before the last. None: no time was left. */
export type Probe = (ask: Ask) => Promise<readonly StepResult[]>;

export interface SearchOptions {
  /** First rate of the ladder, requests/s, and the most that may be offered. */
  readonly start: number;
  readonly most: number;
  /** Each rung over the last. */
  readonly factor: number;
  /** Half the width of the interval, relative: 0.05 is ±5%. */
  readonly precision: number;
  secondsLeft(): number;
}

export interface Found {
  /** A rate that the target takes and one that it does not; 0 and null where none was found. */
  readonly low: number;
  readonly high: number | null;
  /** What broke first above `low`, or why nothing more is known. */
  readonly limitedBy: string;
  /** Answers/s that a rate limiter let pass, the least seen; null: none was met. */
  readonly limiterPasses: number | null;
  /** Whether both ends were seen often enough within the precision. */
  readonly isSettled: boolean;
  readonly steps: readonly StepResult[];
}

const RUNGS = 6;
/** Below this no rate is offered, requests/s. */
const LEAST_RATE = 0.5;
/** A rate that says nothing is offered again so often, each time for longer. */
const PATIENCE = 3;
/** After so many steps on end that said nothing, or so many in all, the search gives up. */
const MOST_SILENT = 5;
const MOST_STEPS = 80;
/** Of the gap between the ends, what chance may weigh in a step between them; and bounds of that. */
const OF_GAP = 0.2;
const MOST_DOUBT = 0.1;
const OF_PRECISION = 0.6;
/** Where the throughput is known from a queue that grew: how far above it a rate surely breaks, and below it one holds, in precisions. */
const ABOVE = 0.85;
const BELOW = 0.35;
/** A rate that says nothing lies too near the limit: the next is so much further below. */
const FURTHER = 0.3;

/**
 * The highest rate that holds the SLA: a geometric ladder until it breaks, then rates between the highest that holds and
 * the lowest that breaks, each held the longer the narrower the gap is.
 */
export async function findCapacity(probe: Probe, options: SearchOptions): Promise<Found> {
  const steps: StepResult[] = [];
  for (;;) {
    const next = nextAsk(steps, options);
    if (next === null) return conclude(steps, options, true);
    const results = await probe({ ...next, secondsLeft: options.secondsLeft() });
    if (results.length === 0) return conclude(steps, options, false);
    steps.push(...results);
  }
}

const isSilent = ({ holds }: StepResult) => holds === null;

type Next = Omit<Ask, "secondsLeft">;

/** What to offer next; null when the question is answered, or cannot be. */
function nextAsk(steps: readonly StepResult[], options: SearchOptions): Next | null {
  const { precision, most } = options;
  if (steps.length === 0) return { rates: rungs(options.start, options), doubt: MOST_DOUBT };
  if (steps.length >= MOST_STEPS || steps.slice(-MOST_SILENT).filter(isSilent).length === MOST_SILENT)
    return null;
  const bounds = boundsOf(steps, precision / 2);
  const { low, high } = bounds;
  const untested = blockedAt(steps, bounds);
  if (untested !== null) {
    if (limiterPassesAt(steps, untested) !== null) return null;
    return low > 0 && untested / low > 1 + 4 * precision && timesTried(steps, untested) < 2
      ? { rates: [untested], doubt: MOST_DOUBT }
      : null;
  }
  const doubtful = doubtfulAt(steps, bounds);
  if (high === null) {
    if (doubtful !== null) return again(steps, doubtful);
    const top = Math.max(...steps.map(({ offered }) => offered));
    return top >= most * 0.999 ? null : { rates: rungs(top * options.factor, options), doubt: MOST_DOUBT };
  }
  if (low === 0) {
    const lowest = Math.min(...steps.map(({ offered }) => offered));
    if (doubtful !== null && timesTried(steps, doubtful) < PATIENCE) return again(steps, doubtful);
    return lowest / 2 < LEAST_RATE ? null : { rates: [lowest / 2], doubt: MOST_DOUBT };
  }
  if (high / low > (1 + precision) / (1 - precision)) return between(steps, low, high, precision);
  if (!bounds.isHighSure) return { rates: [high], doubt: OF_PRECISION * precision };
  return bounds.isLowSure ? null : { rates: [low], doubt: OF_PRECISION * precision };
}

/** A rate between the ends, held until chance weighs little against the gap. */
function between(steps: readonly StepResult[], low: number, high: number, precision: number): Next {
  const gap = (high - low) / Math.sqrt(high * low);
  const doubt = Math.min(MOST_DOUBT, Math.max(OF_PRECISION * precision, OF_GAP * gap));
  const aim = aimAt(steps, low, high, precision);
  if (aim !== null) return { rates: [aim], doubt };
  const rate = Math.sqrt(low * high);
  const tried = steps.filter(
    ({ offered, holds }) => holds === null && Math.abs(offered / rate - 1) < gap / 8,
  );
  return { rates: [rate], doubt: doubt / Math.SQRT2 ** tried.length };
}

/** A little above the throughput that was seen where the upper end is far from it, else a little below; null: neither is between. */
function aimAt(steps: readonly StepResult[], low: number, high: number, precision: number): number | null {
  const throughput = throughputOf(steps);
  if (throughput === null) return null;
  const silent = (from: number, to: number) =>
    steps.filter(({ offered, holds }) => holds === null && offered >= from && offered < to).length;
  const above = throughput * (1 + (ABOVE + FURTHER * silent(throughput, high)) * precision);
  if (above > low && high > above * (1 + precision / 4)) return above;
  const below = throughput * (1 - (BELOW + FURTHER * silent(low, throughput)) * precision);
  return below > low && below < high ? below : null;
}

/** The lowest rate above `low` and below `high` that said nothing for want of time; null: none did. */
function doubtfulAt(steps: readonly StepResult[], { low, high }: Bounds): number | null {
  const rates = steps
    .filter(
      ({ offered, reason, holds }) =>
        holds === null &&
        (reason === "unsettled" || reason === "samples") &&
        offered > low &&
        (high === null || offered < high),
    )
    .map(({ offered }) => offered);
  return rates.length === 0 ? null : Math.min(...rates);
}

/** The same rate, held for twice as long as before. */
function again(steps: readonly StepResult[], rate: number): Next | null {
  const times = timesTried(steps, rate);
  return times > PATIENCE ? null : { rates: [rate], doubt: MOST_DOUBT / Math.SQRT2 ** (times - 1) };
}

function rungs(from: number, { most, factor }: SearchOptions): number[] {
  const rates: number[] = [];
  for (let rate = from; rates.length < RUNGS && rate < most; rate *= factor) rates.push(rate);
  if (rates.length < RUNGS) rates.push(most);
  return rates;
}

const at = (steps: readonly StepResult[], rate: number) =>
  steps.filter(({ offered }) => Math.abs(offered - rate) <= rate * 1e-6);
const timesTried = (steps: readonly StepResult[], rate: number) => at(steps, rate).length;

/** The lowest rate above `low` and below `high` that was no test of the target: its generator or a limiter was in the way. */
function blockedAt(steps: readonly StepResult[], { low, high }: Bounds): number | null {
  const rates = steps
    .filter(
      ({ offered, reason }) =>
        (reason === "generator" || reason === "rate-limiter" || reason === "mix") &&
        offered > low &&
        (high === null || offered < high),
    )
    .map(({ offered }) => offered);
  return rates.length === 0 ? null : Math.min(...rates);
}

/** What a limiter let pass where so much was offered; null: none was met there. */
function limiterPassesAt(steps: readonly StepResult[], rate: number): number | null {
  const passes = at(steps, rate).flatMap(({ limiterPasses }) => limiterPasses ?? []);
  return passes.length === 0 ? null : Math.min(...passes);
}

function conclude(steps: readonly StepResult[], { precision }: SearchOptions, isEnded: boolean): Found {
  const bounds = boundsOf(steps, precision / 2);
  const { low, high, breaking } = bounds;
  const blocked = blockedAt(steps, bounds);
  const limiterPasses = blocked === null ? null : limiterPassesAt(steps, blocked);
  if (limiterPasses !== null) {
    // A rate above the limiter's held only by the burst that it allows, and one that broke above it broke behind it.
    const held = Math.min(low, limiterPasses);
    return { low: held, high: null, limitedBy: RATE_LIMITER, limiterPasses, isSettled: false, steps };
  }
  const doubtful = doubtfulAt(steps, bounds);
  const open = blocked ?? doubtful;
  const why = breaking?.brokenBy ?? (open === null ? null : (at(steps, open).at(-1)?.brokenBy ?? null));
  const isNarrow = high !== null && low > 0 && high / low <= (1 + precision) / (1 - precision);
  return {
    low,
    high,
    limitedBy: why ?? (steps.length === 0 ? "the time is too short for one step" : "not reached"),
    limiterPasses,
    isSettled: isEnded && isNarrow && bounds.isLowSure && bounds.isHighSure,
    steps,
  };
}
