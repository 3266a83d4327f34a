import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeAssumption } from "../../model/assumption.ts";
import { formatProblem } from "../../model/problem.ts";
import { counted } from "../../model/unit.ts";
import { checkProfile, loadProfile } from "../../planner/profile/load-profile.ts";
import { checkSystem } from "../../systems/check-system.ts";
import { findRoot } from "../../systems/find-root.ts";
import { listSystems, requireSystem } from "../../systems/list-systems.ts";
import { loadThresholds } from "../../systems/thresholds-file.ts";
import { EXIT } from "../exit-codes.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `headroom check`: every problem of every data file at once. */
export async function check(system: string | undefined, options: CommonOptions): Promise<void> {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  if (system !== undefined) requireSystem(root, system);
  const systems = system === undefined ? listSystems(root) : [system];
  const problems = (
    await Promise.all(
      systems.map(async (name) => [...(await checkSystem(root, name)), ...checkProfile(root, name)]),
    )
  ).flat();
  const assumptions = problems.length > 0 ? [] : systems.flatMap((name) => assumptionsOf(root, name));
  if (options.json) terminal.printJson({ systems, problems, assumptions });
  else for (const problem of problems) terminal.print(formatProblem(problem));
  if (!options.json && problems.length === 0)
    terminal.print(`${counted(systems.length, "system")}, no problems: ${systems.join(", ")}`);
  if (!options.json)
    for (const name of systems) {
      const own = assumptions.filter((one) => one.system === name);
      if (own.length > 0)
        terminal.print(
          `${name} rests on ${counted(own.length, "assumption")}: ${own.map(describeAssumption).join("; ")}`,
        );
    }
  if (problems.length > 0) process.exitCode = EXIT.badInput;
}

/** What no document of the operators says, in the thresholds and in the profile. */
function assumptionsOf(root: string, system: string) {
  const { assumptions } = loadThresholds(root, system);
  const profile = existsSync(join(root, "profiles", `${system}.yaml`)) ? loadProfile(root, system) : null;
  return [...assumptions, ...(profile?.assumptions ?? [])].map((one) => ({ system, ...one }));
}
