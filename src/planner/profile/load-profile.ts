import { existsSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { parseDurationMs } from "../../../scenarios/lib/load.ts";
import { assumptionsIn } from "../../model/assumption.ts";
import { InputError, type Problem } from "../../model/problem.ts";
import type { Unit } from "../../model/unit.ts";
import { findPromqlError } from "../../prometheus/promql.ts";
import { formatPath, problemsOf, readYaml, type YamlFile } from "../../systems/read-yaml.ts";
import { type Catalogue, CatalogueFile, toCatalogue } from "../catalogue.ts";
import { emitters } from "../emit/index.ts";
import { type Calendar, unknownIn } from "../public-holidays.ts";
import { sizers } from "../sizers/index.ts";
import type { Profile, SizingRule } from "./profile.ts";
import { ProfileFile, SignalEntry, SizingEntry } from "./profile-schema.ts";

const DAY_MS = 86_400_000;

type Report = (path: PropertyKey[], message: string, remedy: string) => void;

/** profiles/<system>.yaml under a root; throws an InputError with every problem in it. */
export function loadProfile(root: string, system: string): Profile {
  const file = `profiles/${system}.yaml`;
  return parseProfile(readYaml(join(root, "profiles", `${system}.yaml`), file), file, system);
}

/** Every problem of a system's profile; none where it has no profile, because only a plan needs one. */
export function checkProfile(root: string, system: string): readonly Problem[] {
  if (!existsSync(join(root, "profiles", `${system}.yaml`))) return [];
  try {
    loadProfile(root, system);
    return [];
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.problems;
    throw thrown;
  }
}

/** A catalogue file; throws an InputError with every problem in it. */
export function loadCatalogue(path: string, shown: string): Catalogue {
  const yaml = readYaml(path, shown);
  const parsed = CatalogueFile.safeParse(yaml.raw, { reportInput: true });
  if (!parsed.success) throw new InputError(problemsOf(parsed.error, shown, yaml.lineOf));
  const names = parsed.data.classes.map(({ name }) => name);
  const problems = names.flatMap((name, index): Problem[] => {
    if (names.indexOf(name) === index) return [];
    const line = yaml.lineOf(["classes", index, "name"]);
    const at = { file: shown, ...(line === undefined ? {} : { line }), path: `classes[${index}].name` };
    return [{ ...at, message: `"${name}" is used twice`, remedy: "Give each class once" }];
  });
  if (problems.length > 0) throw new InputError(problems);
  return toCatalogue(parsed.data);
}

export function parseProfile(yaml: YamlFile, file: string, expectedSystem?: string): Profile {
  const shape = ProfileFile.safeParse(yaml.raw, { reportInput: true });
  const problems: Problem[] = shape.success ? [] : problemsOf(shape.error, file, yaml.lineOf);
  const report: Report = (path, message, remedy) => {
    const line = yaml.lineOf(path);
    problems.push({ file, ...(line === undefined ? {} : { line }), path: formatPath(path), message, remedy });
  };
  const signals = entries(yaml.raw, "signals", SignalEntry);
  const rules = entries(yaml.raw, "sizing", SizingEntry);
  reportTwins(signals, "id", report);
  reportTwins(rules, "resource", report);
  for (const [{ query }, at] of signals) {
    const error = findPromqlError(query);
    if (error)
      report([...at, "query"], `not PromQL: ${error}`, "Mend the query; $window stands for the rate window");
  }
  const known = new Map(signals.map(([{ id, unit }]) => [id, unit]));
  const sized = new Set<string>();
  const sizing = rules.map(([entry, at]) => {
    const params = parseParams(entry, at, { file, yaml, known, sized, report, problems });
    sized.add(entry.resource);
    return { entry, params };
  });
  const { system } = (yaml.raw ?? {}) as { system?: unknown };
  if (expectedSystem !== undefined && typeof system === "string" && system !== expectedSystem)
    report(["system"], `"${system}" is not the file's name`, `Write ${expectedSystem}`);
  if (shape.success) reportCalendar(shape.data.calendar, report);
  if (shape.success) reportEmit(shape.data.emit, sized, report);
  if (problems.length > 0 || !shape.success) throw new InputError(problems);
  const { data } = shape;
  return {
    system: data.system,
    historyMs: parseDurationMs(data.history.length),
    stepMs: parseDurationMs(data.history.step),
    scrapeMs: parseDurationMs(data.history.scrape),
    horizonDays: Math.max(1, Math.round(parseDurationMs(data.horizon) / DAY_MS)),
    leadTimeDays: parseDurationMs(data.leadTime) / DAY_MS,
    operators: data.operatorsForecast ?? null,
    calendar: data.calendar ?? null,
    signals: data.signals,
    sizing: sizing.map(
      ({ entry, params }): SizingRule => ({
        resource: entry.resource,
        sizer: entry.sizer,
        params,
        leadTimeDays: parseDurationMs(entry.leadTime ?? data.leadTime) / DAY_MS,
        why: entry.why,
      }),
    ),
    assumptions: [
      ...(data.assumed === undefined
        ? []
        : [{ where: "the plan", fields: data.assumed, why: "No document of the operators gives it." }]),
      ...assumptionsIn("signal", data.signals, ({ id }) => id),
      ...assumptionsIn("sizing", data.sizing, ({ resource }) => resource),
    ],
    emit: data.emit,
  };
}

interface Around {
  readonly file: string;
  readonly yaml: YamlFile;
  /** Units of the signals, by name. */
  readonly known: ReadonlyMap<string, Unit>;
  readonly sized: ReadonlySet<string>;
  readonly report: Report;
  readonly problems: Problem[];
}

/** A rule's parameters as its sizer wants them; every name they use must be there. */
function parseParams(entry: z.output<typeof SizingEntry>, at: PropertyKey[], around: Around): unknown {
  const sizer = sizers[entry.sizer];
  if (sizer === undefined) return undefined;
  const parsed = sizer.params.safeParse(entry.with, { reportInput: true });
  if (!parsed.success) {
    const lineOf = (path: readonly PropertyKey[]) => around.yaml.lineOf([...at, "with", ...path]);
    around.problems.push(
      ...problemsOf(parsed.error, around.file, lineOf).map((problem) => ({
        ...problem,
        path: [formatPath([...at, "with"]), problem.path].filter(Boolean).join("."),
      })),
    );
    return undefined;
  }
  const { signals, resources = [], units = [] } = sizer.reads(parsed.data);
  for (const signal of signals.filter((one) => !around.known.has(one)))
    around.report(
      [...at, "with"],
      `there is no signal "${signal}"`,
      `Use one of: ${[...around.known.keys()].join(", ")}`,
    );
  for (const { signal, unit } of units) {
    const found = signal === undefined ? undefined : around.known.get(signal);
    if (found !== undefined && found !== unit)
      around.report(
        [...at, "with"],
        `the signal "${signal}" is in ${found} where ${unit} is needed`,
        "Name another signal, or correct that signal's unit and query",
      );
  }
  for (const resource of resources.filter((one) => !around.sized.has(one)))
    around.report(
      [...at, "with"],
      `no earlier rule sizes "${resource}"`,
      `Use one of: ${[...around.sized].join(", ") || "none yet; put that rule before this one"}`,
    );
  return parsed.data;
}

function reportCalendar(calendar: Calendar | undefined, report: Report): void {
  const unknown = calendar === undefined ? null : unknownIn(calendar);
  if (unknown !== null) report(["calendar", unknown.field], unknown.message, unknown.remedy);
}

function reportEmit(
  emit: Readonly<Record<string, unknown>>,
  sized: ReadonlySet<string>,
  report: Report,
): void {
  for (const [key, params] of Object.entries(emit)) {
    if (params === undefined) continue;
    for (const resource of emitters[key]?.reads(params) ?? [])
      if (!sized.has(resource))
        report(["emit", key], `there is no resource "${resource}"`, `Use one of: ${[...sized].join(", ")}`);
  }
}

/** Entries whose shape is right are looked into even when others are not, so that all problems come at once. */
function entries<T>(raw: unknown, list: string, schema: z.ZodType<T>): [T, PropertyKey[]][] {
  const all = (raw as Record<string, unknown> | null)?.[list];
  return (Array.isArray(all) ? all : []).flatMap((entry, index) => {
    const parsed = schema.safeParse(entry);
    return parsed.success ? [[parsed.data, [list, index]] as [T, PropertyKey[]]] : [];
  });
}

function reportTwins<K extends string>(
  all: readonly [Record<K, string>, PropertyKey[]][],
  key: K,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const [entry, at] of all) {
    if (seen.has(entry[key]))
      report([...at, key], `"${entry[key]}" is used twice`, `Give each its own ${key}`);
    seen.add(entry[key]);
  }
}
