/**
 * What many series taught about a quarter ahead, for where a signal's own past is too short to say it. Chosen by hand
 * so that errors and coverage are good on ten real series together (rides, electricity, roads, pages, births, buses,
 * trains), one value for all; `node bench/forecast-priors.mjs` prints what each series says of them.
 */
export const PRIORS = {
  /**
   * Share of the slope of the last six weeks that goes on for a quarter, and how far series differ in it (standard
   * deviation); a shorter time keeps more of it, as the power of the quarter over the time, up to `mostOfSlope`.
   */
  slopeShare: { mean: 0.1, deviation: 0.15 },
  slopeFades: 0.6,
  mostOfSlope: 0.4,
  /** Share of the slope by which a level that lags behind it is brought to today, at least. */
  catchUp: 0.5,
  /** Share of last year's shape that comes again, and how far series differ in it. */
  yearShare: { mean: 0.75, deviation: 0.25 },
  /** Variance of a level's error after some days within the history, over that after four weeks: at once, and per four weeks. */
  seen: { atOnce: 0.45, perMonth: 0.55 },
  /** The same of days to come; what comes differs more than what was seen, by `unseen` times a quarter's share of the history. */
  ahead: { atOnce: 0.05, perMonth: 1.4 },
  unseen: 0.9,
  /** The same where last year's shape takes its part of the error off. */
  aheadWithYear: { atOnce: 0.07, perMonth: 0.23 },
  /** Share of the days' own noise (in variance) that is in an error of the level that was seen, and in one to come. */
  noiseInSeen: 0.3,
  noiseAhead: 0.1,
  /**
   * A level's error after four weeks that is usual (relative), and how much of an own one's distance from it a
   * quarter of history leaves in doubt; with longer ones the doubt falls as the root of the length.
   */
  usualError: 0.2,
  doubtAbove: 0.75,
  doubtBelow: 0.3,
  /** How far the size of one course of events differs from the usual one (standard deviation of its logarithm). */
  sizeSpread: 0.2,
} as const;
