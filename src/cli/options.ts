import { Command, InvalidArgumentError, Option } from "commander";
import { parseDurationMs, type Scaling } from "../../scenarios/lib/load.ts";
import { InputError } from "../model/problem.ts";
import type { DatedEvent } from "../planner/demand/additions.ts";
import { BOUNDS } from "../planner/profile/profile.ts";
import type { WhatIf } from "../planner/what-if.ts";
import { withoutCredentials } from "../prometheus/redact-url.ts";
import { type DurationBounds, isWithin } from "../systems/duration.ts";

const MOST_RATE = 1_000_000;

/** A command with the options all commands share. */
export function command(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .option(
      "--root <dir>",
      "folder that holds scenarios/ and thresholds/ (default: nearest above, else the shipped systems)",
    )
    .option("--json", "machine output on stdout and nothing else")
    .option("--quiet", "no progress and no notices")
    .option("--no-color", "no colours")
    .showHelpAfterError("(--help shows every option)");
}

export function outputOptions(target: Command, usual = "reports/<system>/<run-id>"): Command {
  return target
    .option("--out <dir>", `where results are written (default: ${usual})`)
    .option("--format <list>", "files to write, such as html,json (default: all there are)");
}

export const positive = (text: string): number => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("must be a number above 0.");
};

/** Requests/s; what no machine makes is a slip of the finger. */
export const requestRate = (text: string): number => {
  const value = Number(text);
  if (value > 0 && value <= MOST_RATE) return value;
  throw new InvalidArgumentError(`must be a number above 0, at most ${MOST_RATE.toLocaleString("en-US")}.`);
};

export const wholeFrom =
  (least: number, most: number) =>
  (text: string): number => {
    if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    throw new InvalidArgumentError(
      `must be a whole number from ${least} to ${most.toLocaleString("en-US")}.`,
    );
  };

export const positiveInteger = wholeFrom(1, 1_000_000);

/** `24,168` in ascending order. */
export const wholeNumbers = (text: string): number[] =>
  text
    .split(",")
    .map((part) => positiveInteger(part.trim()))
    .sort((a, b) => a - b);

export const durationMs = (text: string): number => {
  try {
    return parseDurationMs(text);
  } catch (thrown) {
    throw new InvalidArgumentError((thrown as Error).message);
  }
};

/** A time within bounds beyond which it makes no sense, both such as `90d`. */
export const durationFrom =
  (bounds: DurationBounds) =>
  (text: string): number => {
    const ms = durationMs(text);
    if (isWithin(text, bounds)) return ms;
    throw new InvalidArgumentError(`must be from ${bounds.least} to ${bounds.most}.`);
  };

/** An option that may be repeated. */
export const collect = (value: string, all: string[] = []): string[] => [...all, value];

/** Less than nothing cannot be asked for, and more than elevenfold is a slip of the finger. */
const isChange = (change: number): boolean => change > -1 && change <= 10;

/** `20%`, as a ratio. */
export const percent = (text: string): number => {
  const match = /^([+-]?\d+(?:\.\d+)?)%$/.exec(text);
  if (match && isChange(Number(match[1]) / 100)) return Number(match[1]) / 100;
  throw new InvalidArgumentError("must be a percentage such as 20%, above -100% and at most 1000%.");
};

/** A day or a moment, UTC. */
export const instantMs = (text: string): number => {
  const ms = Date.parse(text);
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) && !Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError("must be a UTC time such as 2026-11-01 or 2026-11-01T12:00:00Z.");
};

/** `2027-02-01:+40%:launch`. */
export const datedEvent = (text: string): DatedEvent => {
  const match = /^(\d{4}-\d{2}-\d{2}):([+-]\d+(?:\.\d+)?)%:(.+)$/.exec(text);
  const dayMs = Date.parse(`${match?.[1]}T00:00:00Z`);
  const change = Number(match?.[2]) / 100;
  // 2027-02-30 is a day to Date.parse, the second of March.
  const isDay = !Number.isNaN(dayMs) && new Date(dayMs).toISOString().slice(0, 10) === match?.[1];
  if (match && isDay && isChange(change))
    return { name: match[3] as string, day: dayMs / 86_400_000, change };
  throw new InvalidArgumentError("must be like 2027-02-01:+40%:launch, above -100% and at most +1000%.");
};

/** `instances=5,pool=10,class=db.r6g.large`. */
export const whatIf = (text: string): WhatIf => {
  const pairs = text.split(",").map((part) => part.trim().split("="));
  const count = (value: string | undefined) => wholeFrom(1, 100_000)(value ?? "");
  const read: Record<string, (value: string | undefined) => number | string> = {
    instances: count,
    pool: count,
    class: (value) => value || wrong(),
  };
  const wrong = (): never => {
    throw new InvalidArgumentError("must be like instances=5,pool=10,class=db.r6g.large, each once.");
  };
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) wrong();
  return Object.fromEntries(
    pairs.map(([key = "", value]) => [key, Object.hasOwn(read, key) ? read[key]?.(value) : wrong()]),
  );
};

/** Where a plan's history comes from. */
export function historyOptions(target: Command): Command {
  return target
    .option(
      "--prometheus <url>",
      "ask this server (credentials: HEADROOM_PROMETHEUS_TOKEN, _USER, _PASSWORD, _HEADERS, _CA, _CERT, _KEY)",
    )
    .option("--history <file>", "replay a snapshot; `sample` is the one that ships with the system")
    .addOption(
      new Option("--length <time>", "how far back, such as 30d (default: the profile's)").argParser(
        durationFrom(BOUNDS.length),
      ),
    )
    .addOption(
      new Option("--step <time>", "resolution, such as 1m (default: the profile's)").argParser(
        durationFrom(BOUNDS.step),
      ),
    )
    .addOption(
      new Option("--scrape <time>", "how often the server scrapes (default: the profile's)").argParser(
        durationFrom(BOUNDS.scrape),
      ),
    )
    .addOption(
      new Option("--as-of <time>", "the history's end, such as 2026-11-01 (default: now)").argParser(
        instantMs,
      ),
    );
}

/** A quantile of the newest plan's demand instead of a number. */
export type PlannedRate = "p50" | "p90";

export const rateOrPlan = (text: string): number | PlannedRate => {
  const match = /^from-plan(?::(p50|p90))?$/.exec(text);
  return match ? ((match[1] ?? "p50") as PlannedRate) : requestRate(text);
};

/** What a command that makes load may reach, see and spend beyond the usual. */
export function permissionOptions(target: Command): Command {
  return target
    .option(
      "--allow-target <host>",
      "load this host although it is not in a private range; may be repeated",
      collect,
    )
    .option(
      "--env <name>",
      "let the script see this variable too, or set it with NAME=value; may be repeated",
      collect,
    )
    .option(
      "--allow-spend",
      "make a load that costs money, as far as the journey says what its answers cost",
    );
}

export function scalingOptions(target: Command): Command {
  return target
    .addOption(
      new Option("--time-scale <factor>", "make the load this much longer or shorter").argParser(positive),
    )
    .addOption(
      new Option("--load-scale <factor>", "make the load this much heavier or lighter").argParser(positive),
    )
    .addOption(
      new Option("--duration <time>", "total length, such as 2m; stages keep their proportions")
        .argParser(durationFrom({ least: "1s", most: "30d" }))
        .conflicts("timeScale"),
    )
    .addOption(
      new Option(
        "--rate <n>",
        "peak requests/s of an open load; from-plan[:p90]: the demand the newest plan foresees",
      )
        .argParser(rateOrPlan)
        .conflicts("loadScale"),
    );
}

export interface ScalingOptions {
  readonly timeScale?: number;
  readonly loadScale?: number;
  readonly duration?: number;
  readonly rate?: number | PlannedRate;
}

/** A rate that is to come from a plan must have been looked up by then. */
export function scalingOf({ timeScale, loadScale, duration, rate }: ScalingOptions): Scaling {
  if (typeof rate === "string")
    throw InputError.option("this command has no plan to take a rate from", "Give a number");
  return {
    ...(timeScale === undefined ? {} : { timeScale }),
    ...(loadScale === undefined ? {} : { loadScale }),
    ...(duration === undefined ? {} : { durationMs: duration }),
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
  };
}

/** A target URL, checked: what the paths of a journey are put behind; without a trailing slash. */
export function parseTarget(text: string): string {
  const url = parseUrl(text);
  const { search, hash } = new URL(url);
  if (search === "" && hash === "") return url;
  throw badTarget(text, "has a query, and the paths of the journey come behind it");
}

/** Any URL to be loaded. */
export function parseUrl(text: string): string {
  if (!URL.canParse(text)) throw badTarget(text, "is not a URL");
  const { protocol } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") throw badTarget(text, "is neither http nor https");
  return text.replace(/\/+$/, "");
}

const badTarget = (text: string, why: string) =>
  InputError.option(
    `the target ${URL.canParse(text) ? `${withoutCredentials(text)} ` : ""}${why}`,
    "Write it like http://127.0.0.1:8000",
  );
