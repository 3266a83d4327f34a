import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { bareHost, isNear, type Reach } from "../model/address.ts";
import { InputError, messageOf, ToolError } from "../model/problem.ts";
import { problemsOf, readYaml } from "../systems/read-yaml.ts";
import { pinAddresses } from "./pin-addresses.ts";

/** A name that may be loaded and has no answer by then is left out: its load is refused when it comes. */
const LOOKUP_MS = 3000;

/** headroom.yaml at the root, where there is one. */
const Config = z.strictObject({
  allowTargets: z
    .array(z.string().min(1))
    .default([])
    .describe("Hosts outside private ranges that may be loaded."),
});

/**
 * Load on a stranger's machine is an attack: a target outside loopback and private ranges must be named by
 * --allow-target or in headroom.yaml. A name counts as near when every address it has is. What was checked is what is
 * loaded: this process connects to a target only at the addresses that it had here.
 *
 * @returns what the load may reach
 */
export async function requireAllowedTargets(
  targets: readonly (string | null)[],
  root: string,
  allowTarget: readonly string[] = [],
): Promise<Reach> {
  const allowed = [...allowTarget, ...readConfig(root)].map(bareHost);
  for (const target of targets) {
    if (target === null) continue;
    const host = hostOf(target);
    const addresses = await addressesOf(host);
    pinAddresses(host, addresses);
    const far = addresses.find((address) => !isNear(address));
    if (far === undefined || allowed.includes(host)) continue;
    throw InputError.option(
      `the target ${far === host ? host : `${host} (${far})`} is neither loopback nor in a private range`,
      `Load only what is yours: say --allow-target ${host}, or list it under allowTargets in headroom.yaml`,
    );
  }
  const known = await Promise.all(allowed.map(addressesInTime));
  return { hosts: allowed, addresses: [...new Set(known.flat())].filter((address) => !isNear(address)) };
}

/** Whether any of a target's addresses is outside loopback and private ranges. */
export async function isFar(target: string): Promise<boolean> {
  return (await addressesOf(hostOf(target))).some((address) => !isNear(address));
}

/**
 * A URL as worker threads must have it, which look names up by themselves: with an address that was checked, and its
 * name beside it.
 */
export async function byAddress(
  url: string,
): Promise<{ url: string; host: string; servername: string } | null> {
  const [parsed, host] = [new URL(url), hostOf(url)];
  const addresses = await addressesOf(host);
  const address = addresses.find((one) => isIP(one) === 4) ?? addresses[0];
  if (isIP(host) !== 0 || host === "localhost" || address === undefined) return null;
  const named = parsed.host;
  parsed.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return { url: parsed.toString(), host: named, servername: host };
}

const hostOf = (target: string) => bareHost(new URL(target).hostname);

/** Asked once: a second answer may be another. */
const looked = new Map<string, Promise<string[]>>();

function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return Promise.resolve([host]);
  const asked = looked.get(host) ?? look(host);
  looked.set(host, asked);
  return asked;
}

async function look(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (thrown) {
    throw new ToolError(`${host} has no address: ${messageOf(thrown)}`, "Check the target's name", thrown);
  }
}

async function addressesInTime(host: string): Promise<string[]> {
  const late = new Promise<string[]>((resolve) => setTimeout(resolve, LOOKUP_MS, []).unref());
  return await Promise.race([addressesOf(host).catch(() => []), late]);
}

function readConfig(root: string): readonly string[] {
  if (!existsSync(join(root, "headroom.yaml"))) return [];
  const { raw, lineOf } = readYaml(join(root, "headroom.yaml"), "headroom.yaml");
  const parsed = Config.safeParse(raw ?? {}, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, "headroom.yaml", lineOf));
  return parsed.data.allowTargets;
}
