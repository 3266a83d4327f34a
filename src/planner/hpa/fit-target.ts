/**
 * The whole percentage of the request at which the autoscaler asks for `replicas` when all pods together use `usage`:
 * the least with usage / (target × request) ≤ replicas. Above 100% is right where a pod may use more than it requests.
 *
 * @returns exact: no, where the tolerance of a tenth keeps it a pod short, as from eleven pods on
 */
export function fitTarget(
  usage: number,
  request: number,
  replicas: number,
): { percent: number; isExact: boolean } {
  const percent = Math.max(1, Math.ceil((100 * usage) / (request * replicas) - 1e-9));
  const asked = (100 * usage) / (percent * request);
  // From one pod fewer it only starts another when the ratio passes the tolerance.
  return { percent, isExact: asked > 1.1 * (replicas - 1) && asked > replicas - 1 };
}
