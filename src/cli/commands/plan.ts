import { join } from "node:path";
import { fleetLine } from "../../model/fleet.ts";
import type { Plan } from "../../model/plan.ts";
import { InputError } from "../../model/problem.ts";
import type { DatedEvent } from "../../planner/demand/additions.ts";
import { emitters } from "../../planner/emit/index.ts";
import { makePlan, type PlanInputs } from "../../planner/make-plan.ts";
import { loadProfile } from "../../planner/profile/load-profile.ts";
import { applyWhatIf, type WhatIf } from "../../planner/what-if.ts";
import { chooseFormats } from "../../reporters/index.ts";
import { planReporters } from "../../reporters/plan/index.ts";
import { renderPlanTerminal } from "../../reporters/plan/terminal.ts";
import { findRoot } from "../../systems/find-root.ts";
import { requireSystem } from "../../systems/list-systems.ts";
import { exitCodeOfPlans } from "../exit-codes.ts";
import { holdFolder } from "../hold-folder.ts";
import { refusePastEvents } from "../past-events.ts";
import { findMeasured, type HistoryOptions, obtainHistory, readCatalogue } from "../plan-inputs.ts";
import { reportsOf } from "../reports-folder.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";

const DAY_MS = 86_400_000;

export interface PlanOptions extends CommonOptions, HistoryOptions {
  readonly horizon?: number;
  readonly growth?: number;
  readonly event?: DatedEvent[];
  readonly capacity?: string;
  readonly catalogue?: string;
  readonly failOn?: "exhaustion";
  readonly all?: boolean;
  readonly whatIf?: WhatIf;
}

/** `headroom plan`: history → forecast → sizing. */
export async function plan(system: string | undefined, options: PlanOptions): Promise<void> {
  if ((system === undefined) === (options.all !== true))
    throw InputError.option(
      system === undefined ? "no system named" : `${system} is named and --all given`,
      "Name one system, or give --all for every profile",
    );
  if (system === undefined) return (await import("./plan-fleet.ts")).planFleet(options);
  const terminal = openTerminal(options);
  const { plan: made, folder } = await runPlan(system, options);
  if (options.json) terminal.printJson(made);
  else {
    terminal.print(renderPlanTerminal(made, terminal));
    terminal.note(
      options.whatIf !== undefined && options.out === undefined
        ? "an answer to a question, not kept: --out keeps it"
        : `plan: ${shownPath(folder)}`,
    );
  }
  process.exitCode = exitCodeOfPlans([fleetLine(made)], options.failOn);
}

export async function runPlan(system: string, options: PlanOptions): Promise<{ plan: Plan; folder: string }> {
  const root = findRoot(options.root, process.cwd());
  requireSystem(root, system);
  return planSystem(root, system, options, (asOf) => join(reportsOf(system), `plan-${asOf}`));
}

/** @param folderOf where its files go unless --out says otherwise, by the day it is as of */
export async function planSystem(
  root: string,
  system: string,
  options: Omit<PlanOptions, "out"> & { readonly out?: string | undefined },
  folderOf: (asOf: string) => string,
): Promise<{ plan: Plan; folder: string }> {
  const terminal = openTerminal(options);
  const reporters = chooseFormats(planReporters, options.format);
  const written = loadProfile(root, system);
  const catalogue = readCatalogue(root, options.catalogue);
  const { whatIf } = options;
  const profile = whatIf === undefined ? written : applyWhatIf(written, whatIf, catalogue);
  const measured = findMeasured(options.capacity, system);
  if (measured !== null) terminal.note(`capacity as measured: ${shownPath(measured.file)}`);
  const history = await obtainHistory(root, profile, options, terminal);
  refusePastEvents(options.event ?? [], history.end);
  const inputs: PlanInputs = {
    profile,
    history,
    catalogue,
    measured: measured?.capacity ?? null,
    horizonDays:
      options.horizon === undefined ? profile.horizonDays : Math.max(1, Math.round(options.horizon / DAY_MS)),
    ...(whatIf === undefined ? {} : { whatIf }),
    additions: { growth: options.growth ?? 0, events: options.event ?? [] },
  };
  const made = makePlan(inputs);
  const folder = options.out ?? folderOf(made.asOf.slice(0, 10));
  const files = [
    ...reporters.flatMap((reporter) => reporter.render(made)),
    ...(options.format === undefined ? emitted(inputs, made, terminal.note) : []),
  ];
  // An answer to a question is no plan: nothing that reads the newest plan may find it.
  if (whatIf !== undefined && options.out === undefined) return { plan: made, folder };
  const { release } = holdFolder(folder);
  try {
    for (const { name, text } of files) writeWhole(join(folder, name), text);
  } finally {
    release();
  }
  return { plan: made, folder };
}

function emitted({ profile, catalogue }: PlanInputs, made: Plan, note: (text: string) => void) {
  return Object.entries(profile.emit).flatMap(([name, params]) => {
    if (params === undefined) return [];
    const file = emitters[name]?.emit(params, { plan: made, catalogue });
    if (!file) note(`${name} is not written: a resource it needs was not sized`);
    return file ? [file] : [];
  });
}
