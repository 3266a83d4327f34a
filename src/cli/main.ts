import { Command, CommanderError } from "commander";
import { formatProblem, InputError, Interrupted, ToolError } from "../model/problem.ts";
import { stripControls } from "../reporters/safe-text.ts";
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
    for (const problem of thrown.problems) complain(`error: ${formatProblem(problem)}`);
    return EXIT.badInput;
  }
  if (thrown instanceof Interrupted) {
    complain(thrown.message);
    return EXIT.interrupted;
  }
  if (thrown instanceof ToolError) {
    complain(`error: ${thrown.message}. ${thrown.remedy}`);
    return EXIT.toolFailed;
  }
  if (isSystemError(thrown)) {
    complain(`error: ${thrown.message}. Check the path, its permissions and the disk`);
    return EXIT.toolFailed;
  }
  complain(`internal error, please report it: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  return EXIT.toolFailed;
}

/** What the operating system refused is this machine's, not a defect: no file, no room, no permission, a name too long. */
function isSystemError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return (
    thrown instanceof Error &&
    /^E[A-Z0-9]+$/.test((thrown as NodeJS.ErrnoException).code ?? "") &&
    "syscall" in thrown
  );
}

/** The message may hold what a file or a server said: nothing of it steers the terminal. */
function complain(text: string): void {
  process.stderr.write(`${stripControls(text)}\n`);
}
