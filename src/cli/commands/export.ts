import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Ceiling, renderAlerts } from "../../export/alerts.ts";
import { isSized, Plan } from "../../model/plan.ts";
import { InputError } from "../../model/problem.ts";
import { emitters } from "../../planner/emit/index.ts";
import { loadProfile } from "../../planner/profile/load-profile.ts";
import type { Profile } from "../../planner/profile/profile.ts";
import { findRoot } from "../../systems/find-root.ts";
import { requireSystem } from "../../systems/list-systems.ts";
import { loadThresholds } from "../../systems/thresholds-file.ts";
import { findPlan, readCatalogue } from "../plan-inputs.ts";
import { readJson } from "../read-json.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";

export interface ExportOptions extends CommonOptions {
  readonly plan?: string;
}

/** `headroom export <what> <system>`: a file for somebody else's tool, on stdout or in --out FILE. */
export function exportFile(what: string, system: string, options: ExportOptions): void {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  requireSystem(root, system);
  const text =
    what === "alerts"
      ? alerts(root, system, options, terminal)
      : emitted(what, root, system, options, terminal);
  if (options.out === undefined) terminal.print(text);
  else {
    writeWhole(options.out, text);
    terminal.note(`${what}: ${shownPath(options.out)}`);
  }
}

function alerts(root: string, system: string, options: ExportOptions, terminal: Terminal): string {
  const { thresholds, alerting } = loadThresholds(root, system);
  const plan = planOf(system, options, terminal);
  if (plan === null)
    terminal.note(
      `no plan of ${system}: without one there are no alerts of exhaustion (headroom plan ${system})`,
    );
  const hasProfile = existsSync(join(root, "profiles", `${system}.yaml`));
  const ceilings = plan === null || !hasProfile ? [] : ceilingsOf(plan, loadProfile(root, system));
  const ownAlerts = alerting.alerts.length + alerting.objectives.length;
  if (thresholds.server.length === 0 && ownAlerts === 0 && ceilings.length === 0)
    throw InputError.option(
      `${system} has neither server-side criteria nor a plan to alert on`,
      `Write \`server\` criteria into thresholds/${system}.yaml, or make a plan`,
    );
  return renderAlerts({ system, criteria: thresholds.server, ceilings, alerting });
}

/** Where each demand exhausts what depends on it, with the query that shows it. */
function ceilingsOf(plan: Plan, profile: Profile): Ceiling[] {
  return plan.sizing.filter(isSized).flatMap(({ resource, ceilings, runsOut }) =>
    ceilings.flatMap(({ signal, level }) => {
      const spec = profile.signals.find(({ id }) => id === signal);
      if (spec === undefined || level <= 0) return [];
      const { leadTimeDays } = profile.sizing.find((rule) => rule.resource === resource) ?? profile;
      const day = plan.asOf.slice(0, 10);
      const likely = runsOut?.likely ?? runsOut?.early;
      const expected = likely
        ? `The plan of ${day} expected this about ${likely}.`
        : `The plan of ${day} did not expect this within ${plan.horizonDays} days.`;
      return [{ resource, signal, unit: spec.unit, query: spec.query, level, leadTimeDays, expected }];
    }),
  );
}

/** What a plan's own settings are written by. */
function emitted(
  what: string,
  root: string,
  system: string,
  options: ExportOptions,
  terminal: Terminal,
): string {
  const plan = planOf(system, options, terminal);
  if (plan === null)
    throw InputError.option(
      `there is no plan of ${system}`,
      `Make one with \`headroom plan ${system}\`, or name it with --plan`,
    );
  const params = loadProfile(root, system).emit[what];
  if (params === undefined)
    throw InputError.option(
      `profiles/${system}.yaml emits no ${what}`,
      `Write \`emit: { ${what}: … }\` into it; \`headroom plan\` then writes the file too`,
    );
  const file = emitters[what]?.emit(params, { plan, catalogue: readCatalogue(root, undefined) });
  if (file) return file.text;
  throw InputError.option(`a resource that ${what} needs was not sized`, "See the plan for the reason");
}

function planOf(system: string, { plan }: ExportOptions, terminal: Terminal): Plan | null {
  if (plan !== undefined) {
    const given = readJson(plan, Plan, "Give a plan.json that `headroom plan` wrote");
    if (given.system === system) return given;
    throw InputError.option(`${plan} is a plan of ${given.system}`, `Give one of ${system}`);
  }
  const found = findPlan(system);
  if (found !== null) terminal.note(`plan: ${shownPath(found.file)}`);
  return found?.plan ?? null;
}
