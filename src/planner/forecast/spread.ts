/** A forecast with its uncertainty, step by step. */
export interface Spread {
  /** The value at a quantile (0.5: as likely above as below); step 0 is the first ahead. */
  at(quantile: number, step: number): number;
}
