import type { InstancesParams } from "./instances-params.ts";

/** N + spare, or the fewest that leave N when the fullest zone is lost. */
export function withRedundancy(
  base: number,
  { spare, zones }: Pick<InstancesParams, "spare" | "zones">,
): number {
  if (zones === undefined || zones === 1) return base + (zones === 1 ? 0 : spare);
  // Of n instances n/zones, rounded up, are lost with a zone: the rest, n − n/zones rounded down, must be enough.
  return Math.ceil((base * zones) / (zones - 1));
}
