import { existsSync } from "node:fs";
import { join } from "node:path";
import { Capacity } from "../model/capacity.ts";
import { History } from "../model/history.ts";
import { Plan } from "../model/plan.ts";
import { InputError } from "../model/problem.ts";
import type { Catalogue } from "../planner/catalogue.ts";
import { fetchHistory } from "../planner/fetch-history.ts";
import { impossibleValues } from "../planner/impossible-values.ts";
import { loadCatalogue } from "../planner/profile/load-profile.ts";
import type { Profile } from "../planner/profile/profile.ts";
import { PrometheusClient } from "../prometheus/client.ts";
import { connectionFrom } from "../prometheus/connection.ts";
import { withoutCredentials } from "../prometheus/redact-url.ts";
import { packageRoot } from "../systems/find-root.ts";
import { readJson, unlessUnreadable } from "./read-json.ts";
import { reportsOf, savedUnder } from "./reports-folder.ts";
import type { Terminal } from "./terminal.ts";
import { shownPath } from "./write-files.ts";

/** Points of a signal: a quarter at a point a second. */
const LARGEST_HISTORY = 8_000_000;
/** `--history sample` is the history that ships with a system. */
const SAMPLE = "sample";

export interface HistoryOptions {
  readonly prometheus?: string;
  readonly history?: string;
  readonly length?: number;
  readonly step?: number;
  readonly scrape?: number;
  readonly asOf?: number;
}

/** The history a command was told to use: a snapshot, the shipped sample, or Prometheus itself. */
export async function obtainHistory(
  root: string,
  profile: Profile,
  options: HistoryOptions,
  terminal: Terminal,
): Promise<History> {
  const { prometheus, history } = options;
  if ((prometheus === undefined) === (history === undefined)) {
    throw InputError.option(
      prometheus === undefined ? "there is no history to plan from" : "two histories were given",
      "Give either --prometheus URL, or --history FILE (--history sample: the one that ships)",
    );
  }
  if (history !== undefined) return readHistory(historyFile(root, profile.system, history), profile.system);
  const client = new PrometheusClient(connectionFrom(prometheus as string, process.env));
  const window = {
    endMs: options.asOf ?? Date.now(),
    lengthMs: options.length ?? profile.historyMs,
    stepMs: options.step ?? profile.stepMs,
    scrapeMs: options.scrape ?? profile.scrapeMs,
  };
  const points = Math.round(window.lengthMs / window.stepMs);
  if (points > LARGEST_HISTORY)
    throw InputError.option(
      `the history asked for has ${points.toLocaleString("en-US")} points a signal; at most ${LARGEST_HISTORY.toLocaleString("en-US")} are read`,
      "Give a longer --step or a shorter --length",
    );
  terminal.note(
    `asking ${withoutCredentials(prometheus as string)} for ${profile.signals.length} signals, ${points.toLocaleString("en-US")} points each`,
  );
  const fromMs = performance.now();
  const fetched = await fetchHistory(
    profile,
    client,
    window,
    withoutCredentials(prometheus as string),
    (signal, done) => terminal.note(`  ${done}/${profile.signals.length} ${signal}`),
  );
  terminal.note(`  in ${((performance.now() - fromMs) / 1000).toFixed(2)} s`);
  return fetched;
}

function historyFile(root: string, system: string, given: string): string {
  if (given !== SAMPLE) return given;
  const file = join(root, "profiles", "samples", `${system}.json`);
  if (existsSync(file)) return file;
  throw InputError.option(
    `${system} has no sample history`,
    "Record one with `headroom snapshot`, or plan from --prometheus URL",
  );
}

function readHistory(file: string, system: string): History {
  const history = readJson(file, History, "Give a file that `headroom snapshot` wrote");
  const impossible = impossibleValues(history);
  if (impossible.length > 0)
    throw new InputError(
      impossible.map(({ signal, at, value, when, count }) => ({
        file: shownPath(file),
        path: `${signal}.values[${at}]`,
        message: `${value} at ${when} is below zero${count > 1 ? `, and ${count - 1} more are` : ""}`,
        remedy: "Correct the signal's query and take the snapshot again",
      })),
    );
  if (history.system !== system) {
    throw new InputError([
      {
        file: shownPath(file),
        path: "system",
        message: `is of "${history.system}", not of "${system}"`,
        remedy: `Plan ${history.system} from it, or take a snapshot of ${system}`,
      },
    ]);
  }
  const points =
    Math.round((Date.parse(history.end) - Date.parse(history.start)) / 1000 / history.stepSeconds) + 1;
  const wrong = history.signals.filter(({ values, failure }) => failure === null && values.length !== points);
  if (wrong.length > 0)
    throw new InputError(
      wrong.map(({ id, values }) => ({
        file: shownPath(file),
        path: id,
        message: `has ${values.length} values where start, end and step make ${points}`,
        remedy: "Take the snapshot again",
      })),
    );
  return history;
}

/** Leaves measurements aside. */
const NONE = "none";

/**
 * What was measured: the capacity.json given, or the newest settled one under reports/<system>/.
 *
 * @returns the file too, for the reader to see what the plan divides by
 */
export function findMeasured(
  given: string | undefined,
  system: string,
): { readonly capacity: Capacity; readonly file: string } | null {
  if (given === NONE) return null;
  if (given !== undefined) return { capacity: readCapacity(given, system), file: given };
  const found = savedUnder(reportsOf(system), "capacity.json").flatMap((file) => {
    const capacity = unlessUnreadable(() => readJson(file, Capacity, ""));
    return capacity?.settled ? [{ capacity, file }] : [];
  });
  return found.sort((a, b) => (a.capacity.measuredAt < b.capacity.measuredAt ? 1 : -1))[0] ?? null;
}

/** The newest plan under reports/<system>/ that is as is wanted; null: there is none. */
export function findPlan(
  system: string,
  isWanted: (plan: Plan) => boolean = () => true,
): { readonly file: string; readonly plan: Plan } | null {
  const plans = savedUnder(reportsOf(system), "plan.json")
    .flatMap((file) => {
      const plan = unlessUnreadable(() => readJson(file, Plan, ""));
      return plan !== null && isWanted(plan) ? [{ file, plan }] : [];
    })
    .sort((a, b) => (a.plan.asOf < b.plan.asOf ? 1 : -1));
  return plans[0] ?? null;
}

/** The newest plan whose demand a load test can rehearse. */
export function newestPlan(system: string): {
  readonly file: string;
  readonly rehearsal: NonNullable<Plan["rehearsal"]>;
} {
  const found = findPlan(system, ({ rehearsal }) => rehearsal !== null);
  if (found?.plan.rehearsal) return { file: found.file, rehearsal: found.plan.rehearsal };
  throw InputError.option(
    `there is no plan of ${system} with a demand to rehearse under ${reportsOf(system)}`,
    `Make one with \`headroom plan ${system}\`, or give --rate a number`,
  );
}

function readCapacity(file: string, system: string): Capacity {
  const capacity = readJson(file, Capacity, "Give a file that `headroom capacity` wrote");
  if (capacity.maxRatePerSecond.low === 0)
    throw new InputError([
      {
        file,
        path: "maxRatePerSecond",
        message: "no rate held the SLA",
        remedy: "Measure again from a lower --from-rate",
      },
    ]);
  if (capacity.system === system) return capacity;
  throw new InputError([
    {
      file,
      path: "system",
      message: `is of "${capacity.system}", not of "${system}"`,
      remedy: `Measure ${system}, or leave --capacity out`,
    },
  ]);
}

/** The catalogue given, the root's own, or the one that ships. */
export function readCatalogue(root: string, given: string | undefined): Catalogue {
  if (given !== undefined) return loadCatalogue(given, given);
  const own = join(root, "profiles", "catalogue", "aws.yaml");
  const path = existsSync(own) ? own : join(packageRoot(), "profiles", "catalogue", "aws.yaml");
  return loadCatalogue(path, "profiles/catalogue/aws.yaml");
}
