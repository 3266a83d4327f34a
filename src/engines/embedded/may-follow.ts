import { isIP } from "node:net";
import { bareHost, isNear, type Reach } from "../../model/address.ts";

/**
 * Whether load may follow a redirect of the target there: to the target's own host whatever port and scheme, to hosts
 * that the user allowed, and to loopback and private addresses. Any other name is not looked up, because what it answers
 * now is not what the connection would be made to; k6 checks the connection itself and may go to a private one.
 */
export function mayFollow(target: URL, to: URL, { hosts, addresses }: Reach): boolean {
  const host = bareHost(to.hostname);
  if (to.hostname === target.hostname || hosts.includes(host) || host === "localhost") return true;
  return isIP(host) !== 0 && (isNear(host) || addresses.includes(host));
}
