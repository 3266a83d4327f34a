import { formatProblem } from "../../model/problem.ts";
import { counted } from "../../model/unit.ts";
import { checkProfile } from "../../planner/profile/load-profile.ts";
import { checkSystem } from "../../systems/check-system.ts";
import { findRoot } from "../../systems/find-root.ts";
import { listSystems, requireSystem } from "../../systems/list-systems.ts";
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
  if (options.json) terminal.printJson({ systems, problems });
  else for (const problem of problems) terminal.print(formatProblem(problem));
  if (!options.json && problems.length === 0)
    terminal.print(`${counted(systems.length, "system")}, no problems: ${systems.join(", ")}`);
  if (problems.length > 0) process.exitCode = EXIT.badInput;
}
