import { readRedirectLine } from "../../../scenarios/lib/redirects.ts";
import { NO_FILES, NO_PORTS } from "../../model/own-errors.ts";

/** What Linux says of a machine that has nothing left to connect with. */
const OWN: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/too many open files/i, NO_FILES],
  [/cannot assign requested address/i, NO_PORTS],
];
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
    if (level === "info" || level === "debug") return;
    const redirect = readRedirectLine(message);
    if (redirect !== null) {
      if (!this.redirectedTo.has(redirect.endpoint)) this.redirectedTo.set(redirect.endpoint, redirect.to);
      return;
    }
    for (const [pattern, kind] of OWN)
      if (pattern.test(said)) this.ownErrors.set(kind, (this.ownErrors.get(kind) ?? 0) + 1);
    const seen = this.#lines.get(message);
    if (seen !== undefined || this.#lines.size < KEPT_LINES) this.#lines.set(message, (seen ?? 0) + 1);
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
