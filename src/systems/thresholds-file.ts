import { join } from "node:path";
import type { z } from "zod";
import type { Alerting } from "../model/alerting.ts";
import { type Assumption, assumptionsIn } from "../model/assumption.ts";
import type { Thresholds } from "../model/criterion.ts";
import { InputError, type Problem } from "../model/problem.ts";
import { toAlert, toObjective } from "./alerting-entries.ts";
import { toClient } from "./client-entry.ts";
import { formatPath, parseYaml, problemsOf, readYaml, type YamlFile } from "./read-yaml.ts";
import { toRegression } from "./regression-entry.ts";
import type { Report } from "./report.ts";
import { toServer } from "./server-entry.ts";
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
