import { medianOf } from "../../../stats/quantiles.ts";
import type { DemandKind } from "../daily-series.ts";
import { carried, LEVEL_AGE, levelAt, slopeAt } from "./level.ts";
import { PRIORS } from "./priors.ts";

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
export function slopeShare(
  values: Float64Array,
  horizon: number,
  isRelative: boolean,
  kind: DemandKind,
): Share {
  const ahead = Math.min(horizon, Math.floor((values.length - LEAST_BEFORE) / 2));
  const prior = kind === "stock" ? PRIORS.slopeShareOfStock : PRIORS.slopeShare;
  if (ahead < LEAST_AHEAD) return prior;
  const foretold: number[] = [];
  const came: number[] = [];
  for (let origin = LEAST_BEFORE; origin + ahead <= values.length; origin += STRIDE) {
    foretold.push(carried(slopeAt(values, origin), LEVEL_AGE + ahead / 2, isRelative));
    came.push(medianOf(values, origin, origin + ahead) - levelAt(values, origin));
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

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
