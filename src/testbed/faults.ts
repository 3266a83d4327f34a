import { parseDurationMs } from "../../scenarios/lib/load.ts";
import { InputError } from "../model/problem.ts";

/** Faults on request. A key of "*" means every step of the journey. */
export interface Faults {
  /** Share of answers that are 500, by endpoint. */
  readonly errors: ReadonlyMap<string, number>;
  /** Time an answer waits on something slow downstream, ms, by endpoint; no worker is held meanwhile. */
  readonly slowMs: ReadonlyMap<string, number>;
  /** How much longer an answer's own work takes, by endpoint: 0.15 for 15%. */
  readonly slower: ReadonlyMap<string, number>;
  /** Requests per minute and client address; the rest get 429. */
  readonly rateLimitPerMinute: number | null;
}

export const NO_FAULTS: Faults = {
  errors: new Map(),
  slowMs: new Map(),
  slower: new Map(),
  rateLimitPerMinute: null,
};

/** `--errors 5%` or `detect=5%`, `--slow detect=3s`, `--slower 15%`, `--rate-limit 60/min` (or /s). */
export function parseFaults(
  given: {
    errors?: readonly string[] | undefined;
    slow?: readonly string[] | undefined;
    slower?: readonly string[] | undefined;
    rateLimit?: string | undefined;
  },
  endpoints: readonly string[],
): Faults {
  return {
    errors: new Map((given.errors ?? []).map((text) => parseEntry("--errors", text, endpoints, parseShare))),
    slowMs: new Map((given.slow ?? []).map((text) => parseEntry("--slow", text, endpoints, parseDelay))),
    slower: new Map((given.slower ?? []).map((text) => parseEntry("--slower", text, endpoints, parseGrowth))),
    rateLimitPerMinute: given.rateLimit === undefined ? null : parseRate(given.rateLimit),
  };
}

function parseEntry(
  option: string,
  text: string,
  endpoints: readonly string[],
  parse: (option: string, text: string) => number,
): [string, number] {
  const equals = text.lastIndexOf("=");
  if (equals < 0) return ["*", parse(option, text)];
  const endpoint = text.slice(0, equals);
  if (!endpoints.includes(endpoint)) {
    throw InputError.option(
      `${option}: unknown endpoint "${endpoint}"`,
      `Available: ${endpoints.join(", ")}`,
    );
  }
  return [endpoint, parse(option, text.slice(equals + 1))];
}

function parseShare(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const share = match ? Number(match[1]) / 100 : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw InputError.option(`${option}: "${text}" is no percentage`, "Write it like 5% or detect=5%");
}

function parseGrowth(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (match) return Number(match[1]) / 100;
  throw InputError.option(`${option}: "${text}" is no percentage`, "Write it like 15% or detect=15%");
}

function parseDelay(option: string, text: string): number {
  try {
    return parseDurationMs(text);
  } catch {
    throw InputError.option(`${option}: "${text}" is no duration`, "Write it like 3s or detect=3s");
  }
}

function parseRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\/(s|min|h)$/.exec(text);
  if (!match) throw InputError.option(`--rate-limit: "${text}" is no rate`, "Write it like 60/min or 10/s");
  return Number(match[1]) * { s: 60, min: 1, h: 1 / 60 }[match[2] as "s" | "min" | "h"];
}

/** What a fault map says for an endpoint; login and logout are met only by name, or no run would begin. */
export function faultOf(faults: ReadonlyMap<string, number>, endpoint: string, isStep: boolean): number {
  return faults.get(endpoint) ?? (isStep ? faults.get("*") : undefined) ?? 0;
}
