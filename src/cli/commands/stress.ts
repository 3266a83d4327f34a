import { statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../model/problem.ts";
import { Stress, stressFlaws } from "../../model/stress.ts";
import { formatQuantity } from "../../model/unit.ts";
import { withoutCredentials } from "../../prometheus/redact-url.ts";
import { chooseFormats } from "../../reporters/index.ts";
import { renderStressTerminal, stressReporters } from "../../reporters/stress/index.ts";
import { runStress, type StressSecond } from "../../stress/run-stress.ts";
import { findRoot } from "../../systems/find-root.ts";
import { listSystems, requireSystem } from "../../systems/list-systems.ts";
import { planFor } from "../../systems/load-scenario.ts";
import { openFilesLimit } from "../environment.ts";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import { findSubject } from "../gate-subject.ts";
import { greetTarget } from "../greet-target.ts";
import { holdFolder } from "../hold-folder.ts";
import { onInterrupt } from "../interrupt.ts";
import { parseUrl } from "../options.ts";
import { readJson } from "../read-json.ts";
import { readText } from "../read-text.ts";
import { byAddress, isFar, requireAllowedTargets } from "../target-guard.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";
import { runGate } from "./gate.ts";

export interface StressOptions extends CommonOptions {
  readonly target?: string;
  readonly connections: number;
  readonly duration: number;
  readonly rate?: number;
  readonly method?: string;
  readonly header?: string[];
  readonly body?: string;
  readonly pipelining: number;
  readonly workers: number;
  readonly allowTarget?: string[];
  readonly allowSpend?: boolean;
  readonly compareTo?: string;
  readonly thresholds?: string;
}

/** Open files that a connection is not: the program's own. */
const FILES_BESIDE = 50;
/** Requests/s against a host outside private ranges unless --rate says otherwise. */
const FAR_RATE = 1000;

/** `headroom stress`: ad hoc load on a URL, or on a system's journey under its SLA. */
export async function stress(subject: string, options: StressOptions): Promise<void> {
  const root = findRoot(options.root, process.cwd());
  if (/^https?:\/\//.test(subject)) return stressUrl(parseUrl(subject), root, options);
  if (!listSystems(root).includes(subject) && /[.:/]/.test(subject))
    throw InputError.option(
      `"${subject}" is neither a URL nor a system`,
      "Write a URL with http:// or https://",
    );
  requireSystem(root, subject);
  return stressSystem(subject, options);
}

/** The system's own journey through the embedded engine, judged by its SLA. */
async function stressSystem(system: string, options: StressOptions): Promise<void> {
  const { connections, duration, rate, compareTo } = options;
  if (compareTo !== undefined)
    throw InputError.option(
      "--compare-to compares stress.json files of a URL",
      "Judge a system's runs by its thresholds",
    );
  const level = rate ?? connections;
  const gateOptions = { ...options, scenario: "stress", engine: "autocannon" as const };
  const { rate: _, duration: __, ...unscaled } = gateOptions;
  const { verdict } = await runGate(system, unscaled, async () => {
    const subject = await findSubject(system, unscaled);
    if (subject.journey === null) return subject;
    const load = {
      model: rate === undefined ? ("closed" as const) : ("open" as const),
      start: level,
      stages: [{ duration: `${duration}ms`, target: level }],
    };
    return { ...subject, plan: planFor(subject.journey, load, {}, "stress") };
  });
  process.exitCode = exitCodeOf(verdict);
}

async function stressUrl(url: string, root: string, options: StressOptions): Promise<void> {
  const terminal = openTerminal(options);
  const reporters =
    options.out === undefined && options.format === undefined
      ? []
      : chooseFormats(stressReporters, options.format);
  const before = options.compareTo === undefined ? null : readStress(options.compareTo);
  const headers = parseHeaders(options.header ?? []);
  const body = readBody(options.body);
  requireOpenFiles(options.connections);
  await requireAllowedTargets([url], root, options.allowTarget);
  await greetTarget(url);
  const addressed = options.workers > 0 ? await byAddress(url) : null;
  const rate = options.rate ?? ((await isFar(url)) ? FAR_RATE : null);
  const method = (options.method ?? (body === null ? "GET" : "POST")).toUpperCase();
  terminal.note(
    `${method} ${withoutCredentials(url)}: ${options.connections} connections, ${rate === null ? "as fast as they go" : `${rate} requests/s`}, ${options.duration / 1000} s; Ctrl-C ends it`,
  );
  const held = options.out === undefined ? null : holdFolder(options.out);
  const interrupted = onInterrupt(() => terminal.note("interrupted: keeping what was measured …"));
  try {
    const result = await runStress({
      url: addressed?.url ?? url,
      ...(addressed === null ? {} : { servername: addressed.servername }),
      method,
      headers: addressed === null ? headers : { Host: addressed.host, ...headers },
      body,
      connections: options.connections,
      pipelining: options.pipelining,
      workers: options.workers,
      rate,
      durationMs: options.duration,
      signal: interrupted.signal,
      onSecond: live(terminal),
    });
    const kept: Stress = { ...result, url: withoutCredentials(url) };
    for (const file of reporters.flatMap((reporter) => reporter.render(kept, before)))
      writeWhole(join(options.out ?? ".", file.name), file.text);
    if (options.json) terminal.printJson(kept);
    else terminal.print(renderStressTerminal(kept, before, terminal));
    if (options.out !== undefined) terminal.note(`results: ${shownPath(options.out)}`);
    if (kept.interrupted) process.exitCode = EXIT.interrupted;
    else if (kept.requests.total === 0 || kept.statusCounts.length === 0 || stressFlaws(kept).length > 0)
      process.exitCode = EXIT.inconclusive;
  } finally {
    interrupted.dispose();
    held?.release();
  }
}

/** autocannon tries again at once and for ever to open what the system does not let it open. */
function requireOpenFiles(connections: number): void {
  const limit = openFilesLimit();
  if (limit !== null && connections > limit - FILES_BESIDE)
    throw InputError.option(
      `${connections} connections are as many open files, and this process may have ${limit}`,
      "Raise the limit (ulimit -n), or give fewer --connections",
    );
}

/** A line a second: rate, percentiles, statuses. */
function live(terminal: Terminal): (second: StressSecond) => void {
  const ms = (value: number | null) => (value === null ? "–" : formatQuantity(value, "ms"));
  return ({ elapsedMs, requests, p50Ms, p99Ms, failed, statuses }) =>
    terminal.note(
      `  ${String(Math.round(elapsedMs / 1000)).padStart(3)} s  ${requests.toLocaleString("en-US").padStart(8)}/s${statuses.size === 0 ? "" : `  p50 ${ms(p50Ms)}  p99 ${ms(p99Ms)}  ${[...statuses.keys()].sort().join(" ")}`}${failed > 0 ? `  ${failed.toLocaleString("en-US")} failed` : ""}`,
    );
}

function readStress(path: string): Stress {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, "stress.json") : path;
  return readJson(file, Stress, "Give a stress.json that `headroom stress --out` wrote");
}

function parseHeaders(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const match = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*)$/.exec(line);
      if (match) return [match[1] as string, match[2] as string];
      throw InputError.option(
        "a --header is not a header",
        'Write it like --header "Accept: application/json"',
      );
    }),
  );
}

/** `@file` is a file's content. */
function readBody(given: string | undefined): string | null {
  if (given === undefined) return null;
  if (!given.startsWith("@")) return given;
  return readText(given.slice(1), "Name a readable file after @");
}
