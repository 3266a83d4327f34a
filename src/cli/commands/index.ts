import type { Command } from "commander";
import { addLoadCommands } from "./load-commands.ts";
import { addPlanCommands } from "./plan-commands.ts";
import { addResultCommands } from "./result-commands.ts";
import { addSystemsCommands } from "./systems-commands.ts";

/** Every command's face, in the order of the help. */
export function addCommands(program: Command): void {
  const add = (made: Command) => {
    for (const one of [made, ...made.commands]) one.exitOverride();
    program.addCommand(made);
  };
  addLoadCommands(add);
  addResultCommands(add);
  addPlanCommands(add);
  addSystemsCommands(add);
}
