import { medianOf } from "../../../stats/quantiles.ts";
import { carried, LEVEL_AGE, levelAt, slopeAt } from "./level.ts";
import { PRIORS } from "./priors.ts";

const QUARTER = 90;
/** Days between the origins that are tried. */
const STRIDE = 7;
/** Fewest days ahead that say anything of a trend. */
const LEAST_AHEAD = 14;
/** Days before an origin: levels and slope need them. */
const LEAST_BEFORE = 56;
/** Changes are never known better than this (relative): no signal is without noise. */
const LEAST_NOISE = 0.02;

export interface Share {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * How much of a slope goes on: regression of what came on what the slope at earlier days foretold, at the horizon or as
 * far ahead as the history allows, with the corpus' share as its prior (ridge). Overlapping windows count as the few
 * independent ones they are; a shorter horizon counts by the square of its share of the whole.
 */
export function slopeShare(values: Float64Array, horizon: number, isRelative: boolean): Share {
  const ahead = Math.min(horizon, Math.floor((values.length - LEAST_BEFORE) / 2));
  const prior = priorFor(horizon);
  if (ahead < LEAST_AHEAD) return prior;
  const foretold: number[] = [];
  const came: number[] = [];
  for (let origin = LEAST_BEFORE; origin + ahead <= values.length; origin += STRIDE) {
    const slope = slopeAt(values, origin);
    foretold.push(carried(slope, ahead / 2, isRelative));
    const level = levelAt(values, origin) + catchUp(slope, prior.mean, isRelative);
    came.push(medianOf(values, origin, origin + ahead) - level);
  }
  const together = sum(foretold.map((value, index) => value * (came[index] as number)));
  const power = sum(foretold.map((value) => value * value));
  const own = power > 0 ? together / power : 0;
  const misses = sum(came.map((value, index) => (value - own * (foretold[index] as number)) ** 2));
  const variance = Math.max(misses / came.length, LEAST_NOISE ** 2);
  const windows = (values.length - LEAST_BEFORE) / ahead;
  const worth = (Math.min(1, windows / came.length) * Math.min(1, ahead / horizon) ** 2) / variance;
  const precision = 1 / prior.deviation ** 2 + worth * power;
  const mean = (prior.mean / prior.deviation ** 2 + worth * together) / precision;
  return { mean: Math.min(1, Math.max(0, mean)), deviation: Math.sqrt(1 / precision) };
}

function priorFor(horizon: number): Share {
  const { slopeShare, slopeFades, mostOfSlope } = PRIORS;
  const mean = Math.min(mostOfSlope, slopeShare.mean * (QUARTER / horizon) ** slopeFades);
  return { mean, deviation: slopeShare.deviation };
}

/** The share that is left after some days of a horizon: the first days keep more of a slope than a whole quarter. */
export function shareAfter(share: number, days: number, horizon: number): number {
  const { slopeFades, mostOfSlope } = PRIORS;
  return Math.min(Math.max(share, mostOfSlope), share * Math.max(1, horizon / days) ** slopeFades);
}

/** What a level that lags behind its slope is short of today's: at least half of it is believed, all where all goes on. */
export function catchUp(slope: number, share: number, isRelative: boolean): number {
  const part = PRIORS.catchUp + (1 - PRIORS.catchUp) * share;
  return part * carried(slope, LEVEL_AGE, isRelative);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
