import type { InstancesParams } from "./instances-params.ts";

/** N + spare, or the fewest that leave N when the fullest zone is lost. */
export function withRedundancy(
  base: number,
  { spare, zones }: Pick<InstancesParams, "spare" | "zones">,
): number {
  if (zones === undefined || zones === 1) return base + (zones === 1 ? 0 : spare);
  let count = base;
  while (count - Math.ceil(count / zones) < base) count++;
  return count;
}
