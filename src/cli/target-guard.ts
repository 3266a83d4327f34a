import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { InputError, messageOf, ToolError } from "../model/problem.ts";
import { problemsOf, readYaml } from "../systems/read-yaml.ts";

/** Loopback, private, link-local and carrier-grade ranges (RFC 1122, 1918, 3927, 6598, 4193, 4291). */
const NEAR = new BlockList();
for (const [net, prefix] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
] as const)
  NEAR.addSubnet(net, prefix, "ipv4");
NEAR.addAddress("::1", "ipv6");
NEAR.addSubnet("fc00::", 7, "ipv6");
NEAR.addSubnet("fe80::", 10, "ipv6");

/** headroom.yaml at the root, where there is one. */
const Config = z.strictObject({
  allowTargets: z
    .array(z.string().min(1))
    .default([])
    .describe("Hosts outside private ranges that may be loaded."),
});

/**
 * Load on a stranger's machine is an attack: a target outside loopback and private ranges must be named by
 * --allow-target or in headroom.yaml. A name counts as near when every address it has is.
 */
export async function requireAllowedTarget(
  target: string | null,
  root: string,
  allowed: readonly string[] = [],
): Promise<void> {
  if (target === null) return;
  const host = new URL(target).hostname.replace(/^\[|\]$/g, "");
  if ([...allowed, ...readConfig(root)].some((one) => one.toLowerCase() === host.toLowerCase())) return;
  const addresses = isIP(host) ? [host] : await addressesOf(host);
  const far = addresses.find((address) => !isNear(address));
  if (far === undefined) return;
  const where = far === host ? host : `${host} (${far})`;
  throw InputError.option(
    `the target ${where} is neither loopback nor in a private range`,
    `Load only what is yours: say --allow-target ${host}, or list it under allowTargets in headroom.yaml`,
  );
}

/** Whether any of a target's addresses is outside loopback and private ranges. */
export async function isFar(target: string): Promise<boolean> {
  const host = new URL(target).hostname.replace(/^\[|\]$/g, "");
  return (isIP(host) ? [host] : await addressesOf(host)).some((address) => !isNear(address));
}

export const isNear = (address: string): boolean =>
  isIP(address) === 4 ? NEAR.check(address, "ipv4") : NEAR.check(address, "ipv6") || isNearMapped(address);

/** ::ffff:10.0.0.1 is 10.0.0.1. */
function isNearMapped(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped !== undefined && NEAR.check(mapped, "ipv4");
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (thrown) {
    throw new ToolError(`${host} has no address: ${messageOf(thrown)}`, "Check the target's name", thrown);
  }
}

function readConfig(root: string): readonly string[] {
  if (!existsSync(join(root, "headroom.yaml"))) return [];
  const { raw, lineOf } = readYaml(join(root, "headroom.yaml"), "headroom.yaml");
  const parsed = Config.safeParse(raw ?? {}, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, "headroom.yaml", lineOf));
  return parsed.data.allowTargets;
}
