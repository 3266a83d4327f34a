/** A range that holds the true value with stated confidence (95% unless said otherwise). */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
