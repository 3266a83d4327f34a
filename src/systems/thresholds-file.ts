import { join } from "node:path";
import type { z } from "zod";
import type { Alerting } from "../model/alerting.ts";
import { type Assumption, assumptionsIn } from "../model/assumption.ts";
import {
  type Bound,
  type ClientCriterion,
  parseStatistic,
  type ServerCriterion,
  type Statistic,
  type Thresholds,
} from "../model/criterion.ts";
import { InputError, type Problem } from "../model/problem.ts";
import { parseQuantity, QUANTITY_EXAMPLES, type Unit, unitOfMetric } from "../model/unit.ts";
import { findPromqlError } from "../prometheus/promql.ts";
import { toAlert, toObjective } from "./alerting-entries.ts";
import { isValidDuration } from "./duration.ts";
import { formatPath, parseYaml, problemsOf, readYaml, type YamlFile } from "./read-yaml.ts";
import { toRegression } from "./regression-entry.ts";
import {
  AlertEntry,
  ClientEntry,
  ObjectiveEntry,
  RegressionEntry,
  ServerEntry,
  ThresholdsFile,
  type ThresholdsWire as Wire,
} from "./thresholds-schema.ts";

export interface LoadedThresholds {
  readonly thresholds: Thresholds;
  /** The operators' alerts and objectives, for `export alerts`. */
  readonly alerting: Alerting;
  readonly assumptions: readonly Assumption[];
  readonly file: string;
  readonly text: string;
}

/** thresholds/<system>.yaml under a root; throws an InputError with every problem in it. */
export function loadThresholds(root: string, system: string): LoadedThresholds {
  const file = `thresholds/${system}.yaml`;
  const yaml = readYaml(join(root, "thresholds", `${system}.yaml`), file);
  return { ...toModel(yaml, file, system), file, text: yaml.text };
}

/** A thresholds file anywhere on disk. */
export function loadThresholdsFile(path: string): LoadedThresholds {
  const yaml = readYaml(path, path);
  return { ...toModel(yaml, path), file: path, text: yaml.text };
}

/** Thresholds from a text, such as the one run.json keeps. */
export function parseThresholds(text: string, file: string): LoadedThresholds {
  return { ...toModel(parseYaml(text, file), file), file, text };
}

/** Entries whose shape is right are looked into even when others are not, so that all problems come at once. */
function toModel(
  yaml: YamlFile,
  file: string,
  expectedSystem?: string,
): Pick<LoadedThresholds, "thresholds" | "alerting" | "assumptions"> {
  const shape = ThresholdsFile.safeParse(yaml.raw, { reportInput: true });
  const problems: Problem[] = shape.success ? [] : problemsOf(shape.error, file, yaml.lineOf);
  const report: Report = (path, message, remedy) => {
    const line = yaml.lineOf(path);
    problems.push({ file, ...(line === undefined ? {} : { line }), path: formatPath(path), message, remedy });
  };
  const client = soundEntries(yaml.raw, "client", ClientEntry).map(([entry, at]) =>
    toClient(entry, at, report),
  );
  const server = soundEntries(yaml.raw, "server", ServerEntry).map(([entry, at]) =>
    toServer(entry, at, report),
  );
  const regression = soundEntries(yaml.raw, "regression", RegressionEntry).map(([entry, at]) =>
    toRegression(entry, at, report),
  );
  const criteria = new Set(server.map(({ id }) => id));
  const alerts = soundEntries(yaml.raw, "alerts", AlertEntry).map(([entry, at]) =>
    toAlert(entry, at, criteria, report),
  );
  const objectives = soundEntries(yaml.raw, "objectives", ObjectiveEntry).map(([entry, at]) =>
    toObjective(entry, at, report),
  );
  const { system } = (yaml.raw ?? {}) as { system?: unknown };
  if (expectedSystem !== undefined && typeof system === "string" && system !== expectedSystem) {
    report(["system"], `"${system}" is not the file's name`, `Write ${expectedSystem}`);
  }
  reportTwins(yaml.raw, report);
  if (problems.length > 0 || !shape.success) throw new InputError(problems);
  return {
    thresholds: { system: shape.data.system, client, server, regression },
    alerting: { alerts, objectives },
    assumptions: assumptionsOf(shape.data),
  };
}

const assumptionsOf = ({ client, server, regression, alerts, objectives }: Wire): Assumption[] => [
  ...assumptionsIn("criterion", [...client, ...server, ...regression], ({ id }) => id),
  ...assumptionsIn("alert", alerts, ({ alert }) => alert),
  ...assumptionsIn("objective", objectives, ({ id }) => id),
];

const LISTS = ["client", "server", "regression", "alerts", "objectives"] as const;
type List = (typeof LISTS)[number];

function entriesOf(raw: unknown, list: List): unknown[] {
  const entries = (raw as Record<string, unknown> | null)?.[list];
  return Array.isArray(entries) ? entries : [];
}

function soundEntries<T>(raw: unknown, list: List, schema: z.ZodType<T>): [T, PropertyKey[]][] {
  return entriesOf(raw, list).flatMap((entry, index) => {
    const parsed = schema.safeParse(entry);
    return parsed.success ? [[parsed.data, [list, index]] as [T, PropertyKey[]]] : [];
  });
}

function reportTwins(raw: unknown, report: Report): void {
  const seen = new Set<unknown>();
  const alerts = new Set<unknown>();
  for (const list of LISTS) {
    entriesOf(raw, list).forEach((entry, index) => {
      const { id, alert } = (entry ?? {}) as { id?: unknown; alert?: unknown };
      if (id === undefined && alert !== undefined) {
        if (alerts.has(alert))
          report([list, index, "alert"], `"${alert}" is used twice`, "Give each its own name");
        alerts.add(alert);
      }
      if (id !== undefined && seen.has(id))
        report([list, index, "id"], `"${id}" is used twice`, "Give each criterion its own id");
      seen.add(id);
    });
  }
}

export type Report = (path: PropertyKey[], message: string, remedy: string) => void;

function toClient(entry: Wire["client"][number], at: PropertyKey[], report: Report): ClientCriterion {
  const unit = unitOfMetric(entry.metric, entry.stat);
  const bound = toBound(entry, unit, at, report);
  const stat = toStatistic(entry.stat, ["value", "last"], at, report);
  if (entry.abort && !isValidDuration(entry.abort.after)) {
    report([...at, "abort", "after"], `"${entry.abort.after}" is not a duration`, "Write it like 30s or 2m");
  }
  if (entry.abort && entry.severity === "warn") {
    report(
      [...at, "abort"],
      "a warn criterion cannot stop the run",
      "Make it `severity: gate` or remove `abort`",
    );
  }
  return {
    kind: "client",
    id: entry.id,
    metric: entry.metric,
    tags: { ...entry.tags, ...(entry.endpoint === undefined ? {} : { name: entry.endpoint }) },
    phase: (entry.phase ?? null) as ClientCriterion["phase"],
    stat,
    bound,
    severity: entry.severity,
    abortAfterMs:
      entry.abort && isValidDuration(entry.abort.after)
        ? (parseQuantity(entry.abort.after, "ms") ?? 0)
        : null,
    shapes: entry.shapes ?? null,
    why: entry.why,
  };
}

function toServer(entry: Wire["server"][number], at: PropertyKey[], report: Report): ServerCriterion {
  const error = findPromqlError(entry.query);
  if (error)
    report(
      [...at, "query"],
      `not PromQL: ${error}`,
      "Mend the query; $window stands for the length of the run",
    );
  return {
    kind: "server",
    id: entry.id,
    query: entry.query,
    unit: entry.unit,
    stat: toStatistic(entry.stat, ["rate", "count", "value"], at, report),
    bound: toBound(entry, entry.unit, at, report),
    severity: entry.severity,
    shapes: entry.shapes ?? null,
    why: entry.why,
  };
}

function toStatistic(text: string, unfit: readonly string[], at: PropertyKey[], report: Report): Statistic {
  const stat = parseStatistic(text);
  if (stat && !unfit.includes(stat.kind)) return stat;
  report(
    [...at, "stat"],
    `"${text}" is no statistic of this kind of criterion`,
    "Use p95 (any percentile), avg, min, max, rate or count",
  );
  return { kind: "max" };
}

const OPERATORS = { max: "<=", below: "<", min: ">=", above: ">" } as const;

function toBound(
  entry: { [key in keyof typeof OPERATORS]?: string | number | undefined },
  unit: Unit,
  at: PropertyKey[],
  report: Report,
): Bound {
  const given = (Object.keys(OPERATORS) as (keyof typeof OPERATORS)[]).filter(
    (key) => entry[key] !== undefined,
  );
  const key = given[0];
  if (key === undefined || given.length > 1) {
    report(
      at,
      given.length === 0 ? "has no bound" : `has ${given.length} bounds`,
      "Give exactly one of max, below, min, above",
    );
    return { operator: "<=", value: 0 };
  }
  const value = parseQuantity(entry[key] as string | number, unit);
  if (value === null) {
    report(
      [...at, key],
      `${JSON.stringify(entry[key])} is not a limit for a value in ${unit}`,
      `Write it like ${QUANTITY_EXAMPLES[unit]}`,
    );
  }
  return { operator: OPERATORS[key], value: value ?? 0 };
}
