/** What a redirect means to a step, for k6 and the embedded engine alike; pure. */
import type { Step } from "./journey.ts";

/** k6's default. */
export const MOST_REDIRECTS = 10;

/** Statuses that name another address (RFC 9110, 15.4); 300 and 304 do not. */
export const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Whether a step's redirects are followed. One that expects a redirect has it for its answer. */
export const followsRedirects = ({ expect = [] }: Step): boolean =>
  !expect.some((status) => REDIRECTS.includes(status));

/**
 * Where redirects led, in the words of the step's own path (`/items/{id}/`), so that it is the same for all its requests.
 * Null: the same address in another spelling.
 */
export function redirectedTo({ path }: Pick<Step, "path">, asked: string, reached: string): string | null {
  if (plain(asked) === plain(reached)) return null;
  const [from, to] = [partsOf(asked), partsOf(reached)];
  const own = path.replace(/\?.*$/, "");
  const where = from.origin === to.origin ? "" : to.origin;
  if (to.path === `${from.path}/`) return `${where}${own}/`;
  if (`${to.path}/` === from.path) return where + own.replace(/\/$/, "");
  if (to.path === from.path) return where === "" ? `${own}?…` : where + own;
  return (where + to.path).slice(0, 200);
}

/** Without credentials and fragment, and however its characters are escaped. */
function plain(url: string): string {
  const bare = url.replace(/#.*$/, "").replace(/^(\w+:\/\/)[^/?@]*@/, "$1");
  try {
    return decodeURI(bare);
  } catch {
    return bare; // no escapes that mean anything
  }
}

function partsOf(url: string): { origin: string; path: string } {
  const [, origin = "", path = ""] = /^(\w+:\/\/[^/?#]*)([^?#]*)/.exec(plain(url)) ?? [];
  return { origin, path };
}

const MARK = "redirected ";

/** The line of k6's log that says where an endpoint's redirects lead. */
export const redirectLine = (endpoint: string, to: string): string => MARK + JSON.stringify({ endpoint, to });

/** What such a line says; null for any other. */
export function readRedirectLine(line: string): { endpoint: string; to: string } | null {
  if (!line.startsWith(MARK)) return null;
  try {
    const { endpoint, to } = JSON.parse(line.slice(MARK.length)) as Record<string, unknown>;
    return typeof endpoint === "string" && typeof to === "string" ? { endpoint, to } : null;
  } catch {
    return null; // somebody else's line
  }
}
