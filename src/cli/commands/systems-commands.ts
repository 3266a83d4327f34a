import { Argument, type Command, Option } from "commander";
import { BOUNDS } from "../../planner/profile/profile.ts";
import { collect, command, durationFrom, instantMs, positiveInteger, wholeFrom } from "../options.ts";

/** Commands about systems and this machine. The code of each is loaded when it is used. */
export function addSystemsCommands(add: (made: Command) => void): void {
  add(
    command("check", "validate every data file: all problems at once, with file, line and remedy")
      .argument("[system]", "only this system")
      .action(async (system: string | undefined, options) =>
        (await import("./check.ts")).check(system, options),
      ),
  );
  add(
    command("systems", "list the systems").action(async (options) =>
      (await import("./systems.ts")).systems(options),
    ),
  );
  add(
    command("init", "scaffold a system: thresholds, journey, six load shapes, testbed")
      .argument("<slug>", "its name: lower-case letters, digits and dashes")
      .addHelpText("after", "\nExample:\n  headroom init checkout && headroom check checkout")
      .action(async (slug: string, options) => (await import("./init.ts")).init(slug, options)),
  );
  add(
    command("setup", "provision what Headroom drives: `setup k6` builds k6 with Go into the user's cache")
      .addArgument(new Argument("<tool>", "what to provision").choices(["k6"]))
      .action(async (_tool: string, options) => (await import("./setup.ts")).setup(options)),
  );
  add(
    command("doctor", "say what is here, what is missing and how to get it")
      .option("--k6 <path>", "look at this k6 binary")
      .action(async (options) => (await import("./doctor.ts")).doctor(options)),
  );
  add(
    command("testbed", "a live stand-in for a system's API, on loopback, until interrupted")
      .argument("<system>")
      .addOption(
        new Option("--port <n>", "port on 127.0.0.1; 0 takes a free one")
          .argParser(wholeFrom(0, 65_535))
          .default(8000),
      )
      .addOption(
        new Option("--workers <n>", "requests served at once (default: the system's)").argParser(
          positiveInteger,
        ),
      )
      .addOption(
        new Option("--instances <n>", "so many of them behind a balancer")
          .argParser(positiveInteger)
          .default(1),
      )
      .option("--errors <share>", "answer with 500: 5%, or search=5%; may be repeated", collect)
      .option("--slow <time>", "wait before answering: 300ms, or search=3s; may be repeated", collect)
      .option("--slower <share>", "take so much longer: 15%, or search=15%; may be repeated", collect)
      .option("--rate-limit <rate>", "refuse a client beyond this with 429: 60/min")
      .option(
        "--write-history <file>",
        "write 90 made-up days of the system's metrics as OpenMetrics, and end",
      )
      .addOption(
        new Option("--scrape <time>", "with --write-history: a sample every so often")
          .argParser(durationFrom(BOUNDS.scrape))
          .default(60_000, "1m"),
      )
      .addOption(
        new Option("--as-of <time>", "with --write-history: its end (default: now)").argParser(instantMs),
      )
      .addOption(
        new Option("--seed <n>", "of the service times, of the history")
          .argParser(wholeFrom(0, 2 ** 32 - 1))
          .default(1),
      )
      .addHelpText(
        "after",
        "\nExamples:\n  headroom testbed <system>\n  headroom testbed <system> --slow search=3s --errors 5%",
      )
      .action(async (system: string, options) => (await import("./testbed.ts")).testbed(system, options)),
  );
  add(
    command("demo", "the whole story on one machine, in about two minutes")
      .argument("[system]", "which system to show", undefined)
      .option("--out <dir>", "where results are written", "reports")
      .action(async (system: string | undefined, options) =>
        (await import("./demo.ts")).demo(system, options),
      ),
  );
}
