import dns, { type LookupAddress, type LookupAllOptions, type LookupOptions } from "node:dns";
import { isIP } from "node:net";

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

const pinned = new Map<string, readonly LookupAddress[]>();
const ask = dns.lookup;
let turn = 0;

/**
 * From here on this process connects to a host only at these addresses: a name that answers with another one after it
 * was checked is not followed. Every connection of Node asks dns.lookup, those of autocannon and axios included.
 */
export function pinAddresses(host: string, addresses: readonly string[]): void {
  if (isIP(host) !== 0) return;
  pinned.set(
    host.toLowerCase(),
    addresses.map((address) => ({ address, family: isIP(address) })),
  );
  if (dns.lookup === ask) Object.assign(dns, { lookup });
}

function lookup(host: string, given: LookupOptions | number | Answer | null, answer?: Answer): void {
  const known = pinned.get(host.toLowerCase());
  const reply = typeof given === "function" ? given : answer;
  const options: LookupOptions =
    typeof given === "number" ? { family: given } : typeof given === "function" ? {} : (given ?? {});
  if (known === undefined || reply === undefined) {
    ask(host, options as LookupAllOptions, reply as (error: Error | null, all: LookupAddress[]) => void);
    return;
  }
  const family = options.family === "IPv4" ? 4 : options.family === "IPv6" ? 6 : options.family || 0;
  const fitting = known.filter((one) => family === 0 || one.family === family);
  const from = turn++ % (fitting.length || 1);
  const inTurn = [...fitting.slice(from), ...fitting.slice(0, from)];
  const [first] = inTurn;
  process.nextTick(() => {
    if (first === undefined)
      reply(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" }), "");
    else if (options.all) reply(null, inTurn);
    else reply(null, first.address, first.family);
  });
}
