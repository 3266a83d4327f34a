import { readRedirectLine } from "../../../scenarios/lib/redirects.ts";
import { NO_FILES, NO_PORTS } from "../../model/own-errors.ts";

/** What Linux says of a machine that has nothing left to connect with. */
const OWN: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/too many open files/i, NO_FILES],
  [/cannot assign requested address/i, NO_PORTS],
];
/** What k6 says of a connection that it may not make (lib/netext/dialer.go); the URL is there for HTTP. */
const REFUSED = /IP \(([\da-fA-F.:]+)\) is in a blacklisted range/;
const REQUESTED = /"(?:https?|wss?):\/\/(?:[^/"]*@)?(\[[^\]]*\]|[^/:?"]+)/;
/** What scenarios/lib/hosts.ts logs of a host when it is first requested. */
const NAMED = /^headroom-host (\w+) (\S+)$/;
const MOST_HOSTS = 100;
const KEPT_LINES = 20;
const KEPT_CHARACTERS = 1000;

/** Keeps the first distinct warnings and errors of k6's JSON log; a storm of them takes no more memory than one. */
export class LogKeeper {
  readonly #redact: (text: string) => string;
  #rest = "";
  #lines = new Map<string, number>();
  /** Whether k6 said that a threshold stopped the run. */
  abortedByThreshold = false;
  /** Requests that the generator's own machine could not make, by kind. */
  readonly ownErrors = new Map<string, number>();
  /** Where an endpoint's redirects lead, as its first said. */
  readonly redirectedTo = new Map<string, string>();
  readonly #hostsOfSlots = new Map<string, Set<string>>();
  readonly #refused = new Map<string, { host: string; address: string; requests: number }>();

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(0, 64 * 1024);
    for (const line of lines) this.#keep(line);
  }

  #keep(line: string): void {
    if (line.trim() === "") return;
    const { level, message: said } = parseLine(line);
    const message = this.#redact(said).slice(0, KEPT_CHARACTERS);
    if (/abortOnFail enabled|test run was aborted/i.test(message))
      this.abortedByThreshold ||= /threshold/i.test(message);
    const named = NAMED.exec(said);
    if (level === "info" && named !== null) this.#keepHost(named[1] as string, named[2] as string);
    if (level === "info" || level === "debug") return;
    const redirect = readRedirectLine(message);
    if (redirect !== null) {
      if (!this.redirectedTo.has(redirect.endpoint)) this.redirectedTo.set(redirect.endpoint, redirect.to);
      return;
    }
    for (const [pattern, kind] of OWN)
      if (pattern.test(said)) this.ownErrors.set(kind, (this.ownErrors.get(kind) ?? 0) + 1);
    this.#keepRefused(said);
    const seen = this.#lines.get(message);
    if (seen !== undefined || this.#lines.size < KEPT_LINES) this.#lines.set(message, (seen ?? 0) + 1);
  }

  #keepRefused(said: string): void {
    const address = REFUSED.exec(said)?.[1];
    if (address === undefined) return;
    const host = (REQUESTED.exec(said)?.[1] ?? address).replace(/^\[|\]$/g, "");
    const key = `${host} ${address}`;
    const before = this.#refused.get(key);
    if (before !== undefined) before.requests++;
    else if (this.#refused.size < KEPT_LINES) this.#refused.set(key, { host, address, requests: 1 });
  }

  #keepHost(slot: string, host: string): void {
    const hosts = this.#hostsOfSlots.get(slot) ?? new Set();
    if (hosts.size < MOST_HOSTS) hosts.add(host);
    this.#hostsOfSlots.set(slot, hosts);
  }

  /** The hosts that are counted in a slot: as a rule one. */
  hostsOf(slot: string): string[] {
    return [...(this.#hostsOfSlots.get(slot) ?? [])].sort();
  }

  /** Hosts that no connection was made to, because nobody allowed it; the most frequent first. */
  refusedHosts(): { host: string; address: string; requests: number }[] {
    return [...this.#refused.values()].sort((a, b) => b.requests - a.requests);
  }

  lines(): string[] {
    const flushed = this.#rest;
    this.#rest = "";
    this.#keep(flushed);
    return [...this.#lines].map(([message, count]) => (count > 1 ? `${message} (${count} times)` : message));
  }
}

function parseLine(line: string): { level: string; message: string } {
  try {
    const { level, msg, error } = JSON.parse(line) as { level?: string; msg?: string; error?: string };
    const message = [msg, error].filter(Boolean).join(": ").trim();
    return { level: level ?? "error", message };
  } catch {
    return { level: "error", message: line.trim() };
  }
}
