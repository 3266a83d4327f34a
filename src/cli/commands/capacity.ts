import { join, resolve } from "node:path";
import type { Journey } from "../../../scenarios/lib/journey.ts";
import type { Load } from "../../../scenarios/lib/load.ts";
import { fitWithIntervals } from "../../capacity/fit-usl.ts";
import { proberOf } from "../../capacity/prober.ts";
import { type Found, findCapacity } from "../../capacity/search.ts";
import { slaOf } from "../../capacity/sla.ts";
import type { Engine } from "../../engines/engine.ts";
import { chooseEngine } from "../../engines/index.ts";
import type { Reach } from "../../model/address.ts";
import { type Capacity, type LoadPoint, pointsOf, throughputAt } from "../../model/capacity.ts";
import { formatStatistic } from "../../model/criterion.ts";
import { InputError, Interrupted } from "../../model/problem.ts";
import { formatNumber } from "../../model/unit.ts";
import { withoutCredentials } from "../../prometheus/redact-url.ts";
import { capacityReporters } from "../../reporters/capacity/index.ts";
import { renderCapacityTerminal } from "../../reporters/capacity/terminal.ts";
import { describeUsl } from "../../reporters/capacity/words.ts";
import { chooseFormats } from "../../reporters/index.ts";
import { formatSeconds } from "../../reporters/words.ts";
import { loadShape, planFor } from "../../systems/load-scenario.ts";
import { probeTarget } from "../capacity-prober.ts";
import { EXIT } from "../exit-codes.ts";
import { findSubject, type GateSubject, type SubjectOptions } from "../gate-subject.ts";
import { type Greeting, greetTarget } from "../greet-target.ts";
import { holdFolder } from "../hold-folder.ts";
import { onInterrupt } from "../interrupt.ts";
import { type CostOptions, requireCosts } from "../load-costs.ts";
import { readText } from "../read-text.ts";
import { reportsOf } from "../reports-folder.ts";
import { requireAllowedTargets } from "../target-guard.ts";
import { openTerminal, type Terminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";
import { runId } from "./gate.ts";

export interface CapacityOptions extends SubjectOptions, CostOptions {
  readonly engine: "auto" | "k6" | "autocannon";
  readonly k6?: string;
  readonly allowTarget?: string[];
  readonly instances: number;
  readonly fromRate?: number;
  readonly maxRate?: number;
  readonly hold: number;
  readonly precision: number;
  readonly budget: number;
  readonly from?: string;
  /** Loads to say the law's throughput at. */
  readonly predict?: number[];
}

const FACTOR = 1.6;
/** The ladder begins at this share of the lowest level of the system's own ladder. */
const START_SHARE = 0.25;
/** Without --max-rate, at most this many times the highest level of the system's own ladder. */
const MOST_TIMES = 2;

/** `headroom capacity`: the highest rate that holds the SLA. */
export async function capacity(system: string | undefined, options: CapacityOptions): Promise<void> {
  if (options.from !== undefined) return fitFile(options, openTerminal(options));
  const result = await runCapacity(system, options);
  if (!result.settled) process.exitCode = EXIT.inconclusive;
}

export async function runCapacity(system: string | undefined, options: CapacityOptions): Promise<Capacity> {
  const terminal = openTerminal(options);
  const reporters = chooseFormats(capacityReporters, options.format);
  const subject = await findSubject(system, { ...options, scenario: "breakpoint" });
  const reach = await requireAllowedTargets([subject.target], subject.root, options.allowTarget);
  const engine = await chooseEngine(options, process.env);
  if (subject.journey === null || subject.target === null)
    throw InputError.option("no system named", "Name one and give --target URL");
  const named = { ...subject, journey: subject.journey, target: subject.target };
  const greeting = await greetTarget(subject.target);
  const { path: folder, release } = holdFolder(
    resolve(options.out ?? join(reportsOf(subject.system), runId("capacity"))),
  );
  try {
    const result = await measure(named, greeting, engine, options, reach, terminal);
    for (const file of reporters.flatMap((reporter) => reporter.render(result)))
      writeWhole(join(folder, file.name), file.text);
    if (options.json) terminal.printJson(result);
    else {
      terminal.print(renderCapacityTerminal(result, terminal));
      terminal.note(`capacity: ${shownPath(folder)}`);
    }
    return result;
  } finally {
    release();
  }
}

/** `--from points.csv`: the law of published or own measurements, without load. */
function fitFile({ from: file = "", json, predict = [] }: CapacityOptions, terminal: Terminal): void {
  const points = readPoints(file);
  const usl = fitWithIntervals(points);
  if (json)
    terminal.print(
      JSON.stringify({
        schema: "headroom/usl@1",
        points: points.length,
        usl,
        predicted:
          "refused" in usl ? [] : predict.map((load) => ({ load, throughput: throughputAt(usl, load) })),
      }),
    );
  else for (const line of [...describeUsl(usl, points), ...predictions(usl, predict)]) terminal.print(line);
  if ("refused" in usl) process.exitCode = EXIT.inconclusive;
}

function predictions(usl: Capacity["usl"], loads: readonly number[]): string[] {
  if ("refused" in usl) return [];
  return loads.map((load) => `at ${load}: ${formatNumber(throughputAt(usl, load))}/s`);
}

const PAIRS = "Give a CSV of load,throughput, a pair in a row";

function readPoints(file: string): LoadPoint[] {
  const fail = (message: string, line?: number) =>
    new InputError([
      {
        file,
        ...(line === undefined ? {} : { line }),
        message,
        remedy: PAIRS,
      },
    ]);
  const rows = readText(file, PAIRS).trim().split(/\r?\n/);
  const isHead = !/^\s*"?-?[\d.]/.test(rows[0] ?? "");
  return rows.slice(isHead ? 1 : 0).map((row, index) => {
    const [concurrency, throughput] = row.split(",").map((cell) => Number(cell.replaceAll('"', "")));
    if (!(Number(concurrency) > 0) || !(Number(throughput) >= 0))
      throw fail(`"${row}" is no pair of numbers above 0`, index + (isHead ? 2 : 1));
    return { concurrency: concurrency as number, throughput: throughput as number };
  });
}

async function measure(
  subject: GateSubject & { readonly journey: Journey; readonly target: string },
  greeting: Greeting,
  engine: Engine,
  options: CapacityOptions,
  reach: Reach,
  terminal: Terminal,
): Promise<Capacity> {
  const { journey, target } = subject;
  const criteria = subject.criteria.thresholds.client;
  if (slaOf(criteria).length === 0)
    throw InputError.option(
      `${subject.criteria.file} has no gate criterion on latency or failures`,
      "Capacity is the highest rate that holds the SLA: write one",
    );
  const own = await loadShape(subject.root, subject.system, "breakpoint");
  const levels = own.stages.map(({ target }) => target).filter((level) => level > 0);
  const most = options.maxRate ?? Math.max(...levels) * MOST_TIMES;
  const start = Math.min(options.fromRate ?? Math.min(...levels) * START_SHARE, most);
  // At most: the highest rate for as long as the search may take.
  const longest: Load = {
    model: "open",
    start: most,
    stages: [{ duration: `${options.budget}ms`, target: most }],
  };
  requireCosts({ journey, plan: planFor(journey, longest, {}, "the search") }, greeting, options, terminal);
  const interrupted = onInterrupt(() =>
    terminal.note("interrupted: ending the load and keeping what was measured …"),
  );
  const startedMs = Date.now();
  const secondsLeft = () => (startedMs + options.budget - Date.now()) / 1000;
  terminal.note(
    `${subject.system}: ladder from ${start.toFixed(1)} to at most ${most.toFixed(0)} requests/s (open), ${engine.name} ${engine.version} → ${withoutCredentials(target)}; at most ${formatSeconds(options.budget)}`,
  );
  const probe = proberOf(
    journey,
    criteria,
    options.hold,
    probeTarget({ subject, journey, engine, reach, terminal, signal: interrupted.signal }),
  );
  try {
    const found = await findCapacity(probe, {
      start,
      most,
      factor: FACTOR,
      precision: options.precision,
      secondsLeft,
    });
    if (found.steps.length === 0 && interrupted.signal.aborted) throw new Interrupted();
    return {
      schema: "headroom/capacity@1",
      system: subject.system,
      measuredAt: new Date().toISOString(),
      engine: { name: engine.name, version: engine.version },
      instances: options.instances,
      ...endsOf(found),
      settled: found.isSettled,
      limitedBy: found.limitedBy,
      ...(found.limiterPasses === null ? {} : { limiter: { passesPerSecond: found.limiterPasses } }),
      sla: slaOf(criteria).map(({ id }) => id),
      limits: slaOf(criteria).map(({ id, metric, stat, bound }) => ({
        id,
        metric,
        stat: formatStatistic(stat),
        limit: bound.value,
      })),
      usl: fitWithIntervals(pointsOf(found.steps)),
      steps: [...found.steps],
    };
  } finally {
    interrupted.dispose();
  }
}

/** Of a bound on one side the other end is not known: above it repeats the one that is, below it is 0. */
function endsOf({ low, high }: Found): Pick<Capacity, "maxRatePerSecond" | "bound"> {
  const bound = high === null ? (low > 0 ? "at-least" : "none") : low > 0 ? "both" : "less-than";
  const top = high ?? low;
  return { maxRatePerSecond: { low, mid: (low + top) / 2, high: top }, bound };
}
