import { BlockList, isIP } from "node:net";

/** Loopback, private, link-local and carrier-grade ranges (RFC 1122, 1918, 3927, 6598, 4193, 4291). */
const NEAR: readonly string[] = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "100.64.0.0/10",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
];

/** What a load may reach beside loopback and private ranges, behind a redirect too. */
export interface Reach {
  /** Names and addresses that the user allowed, as they were given. */
  readonly hosts: readonly string[];
  /** The addresses outside loopback and private ranges that they had when they were checked. */
  readonly addresses: readonly string[];
}

const near = new BlockList();
for (const range of NEAR) {
  const [net = "", prefix] = range.split("/");
  near.addSubnet(net, Number(prefix), familyOf(net));
}

/** Whether an address is loopback or in a private range; ::ffff:10.0.0.1 is 10.0.0.1. */
export function isNear(address: string): boolean {
  const bare = unmapped(address);
  return near.check(bare, familyOf(bare));
}

/** A host as it is compared: without an IPv6 address's brackets, in small letters. */
export const bareHost = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, "");

const unmapped = (address: string) => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;

/** Everything that is neither near nor one of these addresses, as ranges such as `8.0.0.0/5`. */
export function farRanges(allowed: readonly string[]): string[] {
  const holes = [
    ...NEAR,
    ...allowed.map(unmapped).flatMap((one) => (isIP(one) ? [`${one}/${isIP(one) === 4 ? 32 : 128}`] : [])),
  ].map(parseRange);
  return ([4, 6] as const).flatMap((version) =>
    without(
      { version, bits: 0n, prefix: 0 },
      holes.filter((hole) => hole.version === version),
    ),
  );
}

interface Range {
  readonly version: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

const widthOf = (version: 4 | 6) => (version === 4 ? 32 : 128);

/** A range less its holes: halved until a part is all hole or has none. */
function without(range: Range, holes: readonly Range[]): string[] {
  const { version, bits, prefix } = range;
  const within = holes.filter((hole) => overlaps(range, hole));
  if (within.length === 0) return [format(range)];
  if (within.some((hole) => hole.prefix <= prefix)) return [];
  const half = 1n << BigInt(widthOf(version) - prefix - 1);
  return [bits, bits + half].flatMap((start) =>
    without({ version, bits: start, prefix: prefix + 1 }, within),
  );
}

function overlaps(a: Range, b: Range): boolean {
  const shift = BigInt(widthOf(a.version) - Math.min(a.prefix, b.prefix));
  return a.bits >> shift === b.bits >> shift;
}

function parseRange(text: string): Range {
  const [net = "", prefix] = text.split("/");
  const version = isIP(net) === 4 ? 4 : 6;
  return { version, bits: version === 4 ? bitsOf4(net) : bitsOf6(net), prefix: Number(prefix) };
}

const bitsOf4 = (net: string) => net.split(".").reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);

function bitsOf6(net: string): bigint {
  // The URL parser writes every address the one way: hexadecimal, with one :: at most.
  const plain = new URL(`http://[${net.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [first, last] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array<string>(zeros).fill("0"), ...last].reduce(
    (bits, group) => (bits << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

function format({ version, bits, prefix }: Range): string {
  const [size, count] = version === 4 ? [8, 4] : [16, 8];
  const parts = Array.from({ length: count }, (_, at) =>
    Number((bits >> BigInt((count - 1 - at) * size)) & ((1n << BigInt(size)) - 1n)),
  );
  const net = version === 4 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
  return `${net}/${prefix}`;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}
