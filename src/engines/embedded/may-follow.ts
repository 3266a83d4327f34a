/**
 * Whether load may follow a redirect of the target there. The host must be the target's own; its port and scheme may
 * differ (http → https).
 */
export function mayFollow(target: URL, to: URL): boolean {
  return to.hostname === target.hostname;
}
