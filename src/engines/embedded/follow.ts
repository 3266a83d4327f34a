import { MOST_REDIRECTS, REDIRECTS } from "../../../scenarios/lib/redirects.ts";
import type { Call, Reply } from "./user-pool.ts";

/** What Go keeps to itself when a redirect leaves the host (net/http/client.go, shouldCopyHeaderOnRedirect). */
const CREDENTIALS = /^(authorization|cookie)$/i;

interface Hop {
  readonly url: URL;
  readonly call: Call;
}

/**
 * The answer at the end of the redirects, and where it came from. Every answer on the way is a request of its own, as in
 * k6: it is handed to `onRedirect`.
 */
export async function follow(
  first: Hop & { readonly reply: Reply },
  send: (hop: Hop) => Promise<Reply>,
  onRedirect: (reply: Reply) => void,
): Promise<{ reply: Reply; url: URL }> {
  let at = first;
  for (let followed = 0; followed < MOST_REDIRECTS; followed++) {
    const next = nextHop(at, at.reply);
    if (next === null) break;
    onRedirect(at.reply);
    at = { ...next, reply: await send(next) };
  }
  return at;
}

/** What a redirect asks to be sent next, as Go does it (net/http/client.go, redirectBehavior); null: it is the answer. */
export function nextHop({ url, call }: Hop, { status, headers }: Reply): Hop | null {
  if (!REDIRECTS.includes(status)) return null;
  const location = Object.entries(headers).find(([name]) => name.toLowerCase() === "location")?.[1];
  if (location === undefined || !URL.canParse(String(location), url)) return null;
  const to = new URL(String(location), url);
  if (!/^https?:$/.test(to.protocol)) return null;
  const keeps = status === 307 || status === 308 || ["GET", "HEAD"].includes(call.method);
  const sent = Object.entries(call.headers).filter(
    ([name]) =>
      (isWithin(to.hostname, url.hostname) || !CREDENTIALS.test(name)) &&
      (keeps || name.toLowerCase() !== "content-type"),
  );
  return {
    url: to,
    call: {
      method: keeps ? call.method : "GET",
      path: to.pathname + to.search,
      headers: Object.fromEntries(sent),
      body: keeps ? call.body : null,
    },
  };
}

const isWithin = (host: string, domain: string) => host === domain || host.endsWith(`.${domain}`);
