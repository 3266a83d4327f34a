/** Counts the requests of a script of the user's own by the host they go to; Headroom puts it around k6's modules. */
import { Counter } from "k6/metrics";

const requests = new Counter("headroom_hosts");

/** k6 sums up only tags that it was told of beforehand: a host is counted in a slot, and its name is logged with it. */
export const SLOTS = 32;
/** Beyond so many hosts their names are left out. */
const MOST_NAMES = 100;
const TARGET_SLOT = "target";
const target = __ENV.TARGET ? hostOf(__ENV.TARGET) : null;
const slots: Record<string, string> = {};
let names = 0;

/** @param url what k6 takes for one: text, or the object that its tagged template `http.url` makes */
export function requested(url: unknown): void {
  const host = hostOf(textOf(url));
  if (host === null) return;
  try {
    requests.add(1, { slot: slots[host] ?? name(host) });
  } catch {
    // outside of functions k6 neither counts nor sends: it says so itself
  }
}

/** @param final the URL that answered, which a redirect may have led to */
export function answered(url: unknown, final: unknown): void {
  if (typeof final !== "string" || final === "") return;
  if (hostOf(final) !== hostOf(textOf(url))) requested(final);
}

function name(host: string): string {
  const slot = host === target ? TARGET_SLOT : slotOf(host);
  if (names++ < MOST_NAMES) {
    slots[host] = slot;
    console.info(`headroom-host ${slot} ${host}`);
  }
  return slot;
}

function slotOf(host: string): string {
  let hash = 0;
  for (let at = 0; at < host.length; at++) hash = (hash * 31 + host.charCodeAt(at)) >>> 0;
  return String(hash % SLOTS);
}

const textOf = (url: unknown): string =>
  typeof url === "string" ? url : String((url as { url?: unknown } | null)?.url ?? url);

/** `shop.example:8443`; without a port where it is the scheme's own. */
function hostOf(url: string): string | null {
  const match = /^(https?|wss?):\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url);
  const [, scheme = "", host = ""] = match ?? [];
  if (host === "") return null;
  const isSecure = /s$/i.test(scheme);
  return host.toLowerCase().replace(isSecure ? /:443$/ : /:80$/, "");
}
