import { Command, CommanderError } from "commander";
import { formatProblem, InputError, Interrupted, ToolError } from "../model/problem.ts";
import { addCommands } from "./commands/index.ts";
import { EXIT } from "./exit-codes.ts";

const HELP = `
Examples:
  headroom demo                                               the whole story on this machine
  headroom gate <system> --target https://staging.example     release gate, exit 0 pass, 1 fail, 4 inconclusive
  headroom gate <system> --target … --scenario smoke --json   verdict as JSON
  headroom judge reports/<system>/<run>                       judge a saved run again, without load
  headroom plan <system> --history sample                     what to buy, and by when
  headroom init my-service                                    scaffold a system of your own

Exit codes: 0 pass · 1 SLA failed · 2 bad input · 3 a tool failed · 4 inconclusive · 130 interrupted`;

const program = new Command("headroom")
  .description(
    "Does this release hold its SLA, how much load can it take, and what must be bought before the growth arrives?",
  )
  .addHelpText("after", HELP)
  .showHelpAfterError("(--help shows every command)")
  // What follows a command belongs to it: commands within a command have options of the same names.
  .enablePositionalOptions()
  .exitOverride();
addCommands(program);

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = report(thrown);
}

/** Known errors print cleanly, anything else is a defect and keeps its stack. */
function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.pass : EXIT.badInput;
  if (thrown instanceof InputError) {
    process.stderr.write(
      `${thrown.problems.map((problem) => `error: ${formatProblem(problem)}`).join("\n")}\n`,
    );
    return EXIT.badInput;
  }
  if (thrown instanceof Interrupted) {
    process.stderr.write(`${thrown.message}\n`);
    return EXIT.interrupted;
  }
  if (thrown instanceof ToolError) {
    process.stderr.write(`error: ${thrown.message}. ${thrown.remedy}\n`);
    return EXIT.toolFailed;
  }
  process.stderr.write(
    `internal error, please report it: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`,
  );
  return EXIT.toolFailed;
}
