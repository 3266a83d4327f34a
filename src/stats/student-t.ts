import { probit } from "simple-statistics";

/**
 * Quantile of Student's t by the Cornish–Fisher expansion (Hill 1970), good to two digits from three degrees of
 * freedom on; fewer count as three.
 */
export function studentQuantile(q: number, degrees: number): number {
  const z = probit(q);
  const n = Math.max(3, degrees);
  return (
    z +
    (z ** 3 + z) / (4 * n) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3)
  );
}
