import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type FleetLine, fleetLine, rankFleet } from "../../model/fleet.ts";
import { InputError, ToolError } from "../../model/problem.ts";
import { renderFleetFiles, renderFleetTerminal } from "../../reporters/fleet/index.ts";
import { findRoot } from "../../systems/find-root.ts";
import { exitCodeOfPlans } from "../exit-codes.ts";
import { reportsFolder } from "../reports-folder.ts";
import { openTerminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";
import { type PlanOptions, planSystem } from "./plan.ts";

/**
 * `headroom plan --all`: every profile of the root, one after the other, so that memory is that of one plan however many
 * there are. What fails is a line of the result and does not keep the others from being planned.
 */
export async function planFleet(options: PlanOptions): Promise<void> {
  const terminal = openTerminal(options);
  const root = rootWithProfiles(options.root);
  const systems = readdirSync(join(root, "profiles"))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -5))
    .filter((name) => name !== "template")
    .sort();
  if (systems.length === 0)
    throw InputError.option(
      `${root} has no profiles`,
      "Write profiles/<system>.yaml, or name another --root",
    );
  const base = options.out ?? reportsFolder();
  const lines: FleetLine[] = [];
  for (const [index, system] of systems.entries()) {
    terminal.note(`${index + 1}/${systems.length} ${system}`);
    lines.push(await planOne(root, system, { ...options, quiet: true }, base));
  }
  const fleet = rankFleet(lines);
  for (const file of renderFleetFiles(fleet)) writeWhole(join(base, file.name), file.text);
  if (options.json) terminal.printJson(fleet);
  else {
    terminal.print(renderFleetTerminal(fleet, terminal));
    terminal.note(`fleet: ${shownPath(join(base, "fleet.md"))}, plans beside it`);
  }
  process.exitCode = exitCodeOfPlans(lines, options.failOn);
}

async function planOne(root: string, system: string, options: PlanOptions, base: string): Promise<FleetLine> {
  try {
    const { plan } = await planSystem(root, system, { ...options, out: undefined }, (asOf) =>
      join(base, system, `plan-${asOf}`),
    );
    return fleetLine(plan);
  } catch (thrown) {
    if (thrown instanceof InputError || thrown instanceof ToolError)
      return { system, failed: thrown.message.split("\n")[0] ?? "" };
    throw thrown;
  }
}

/** A fleet needs profiles and nothing else. */
function rootWithProfiles(given: string | undefined): string {
  const root = given === undefined ? findRoot(undefined, process.cwd()) : resolve(given);
  if (existsSync(join(root, "profiles"))) return root;
  throw InputError.option(`${root} holds no profiles/`, "Give the folder that holds it with --root");
}
