import { Argument, type Command, Option } from "commander";
import type { DatedEvent } from "../../planner/demand/additions.ts";
import {
  command,
  datedEvent,
  durationMs,
  historyOptions,
  instantMs,
  outputOptions,
  percent,
  positive,
  positiveInteger,
  scalingOptions,
  wholeNumber,
  wholeNumbers,
} from "../options.ts";

/** Every command's face; its code is loaded when it is used. */
export function addCommands(program: Command): void {
  const add = (made: Command) => {
    made.exitOverride();
    program.addCommand(made);
  };

  const collect = (value: string, all: string[] = []) => [...all, value];

  add(
    scalingOptions(
      outputOptions(command("gate", "load a target, judge it against its SLA, report; the CI entry point")),
    )
      .argument("[system]", "name of the system; may be left out with --script")
      .option("--target <url>", "where the release under test answers")
      .option("--scenario <shape>", "smoke, average, stress, spike, soak or breakpoint", "average")
      .option("--script <file>", "a k6 script of your own instead of the system's scenario")
      .option("--thresholds <file>", "other criteria than thresholds/<system>.yaml")
      .addOption(
        new Option("--engine <name>", "k6, or autocannon, which needs nothing installed")
          .choices(["auto", "k6", "autocannon"])
          .default("auto"),
      )
      .option("--k6 <path>", "the k6 binary (default: HEADROOM_K6, PATH, then the one of `setup k6`)")
      .option(
        "--prometheus <url>",
        "judge server-side criteria too (credentials: HEADROOM_PROMETHEUS_TOKEN, _USER, _PASSWORD, _HEADERS, _CA, _CERT, _KEY)",
      )
      .option(
        "--allow-target <host>",
        "load this host although it is not in a private range; may be repeated",
        collect,
      )
      .addHelpText(
        "after",
        "\nExamples:\n  headroom gate <system> --target http://127.0.0.1:8000\n  headroom gate <system> --target … --scenario average --time-scale 0.1\n  headroom gate --script checkout.ts --target … --thresholds checkout.yaml\n\nCredentials for a journey's login come from the environment: HEADROOM_EMAIL and HEADROOM_PASSWORD, or HEADROOM_TOKEN.",
      )
      .action(async (system: string | undefined, options) =>
        (await import("./gate.ts")).gate(system, options),
      ),
  );
  add(
    outputOptions(command("judge", "judge a saved run again, against other thresholds if given; no load"))
      .argument("<run>", "run.json, or the folder that holds it")
      .option("--thresholds <file>", "criteria to judge by (default: those the run was made with)")
      .addHelpText(
        "after",
        "\nExample:\n  headroom judge reports/<system>/20261120-120000-average-1a2b --thresholds stricter.yaml",
      )
      .action(async (run: string, options) => (await import("./judge.ts")).judgeAgain(run, options)),
  );
  add(
    outputOptions(command("report", "render a saved run's reports again"))
      .argument("<run>", "run.json, or the folder that holds it")
      .action(async (run: string, options) => (await import("./judge.ts")).judgeAgain(run, options)),
  );
  add(
    command(
      "capacity",
      "the highest rate that holds the SLA: ladder, bisection, repeats; the scalability law",
    )
      .argument("[system]", "name of the system; may be left out with --from")
      .option("--target <url>", "where the service answers")
      .option("--from <csv>", "fit the scalability law to load,throughput pairs instead of measuring")
      .option("--thresholds <file>", "other criteria than thresholds/<system>.yaml")
      .addOption(
        new Option("--instances <n>", "instances that serve the target")
          .argParser(positiveInteger)
          .default(1),
      )
      .addOption(
        new Option(
          "--from-rate <n>",
          "first rate, requests/s (default: a quarter of the system's breakpoint load)",
        ).argParser(positive),
      )
      .addOption(
        new Option(
          "--max-rate <n>",
          "never offer more, requests/s (default: twice the breakpoint load)",
        ).argParser(positive),
      )
      .addOption(
        new Option("--hold <time>", "how long each rate is held at least")
          .argParser(durationMs)
          .default(10_000, "10s"),
      )
      .addOption(
        new Option("--precision <percent>", "half the width of the interval")
          .argParser(percent)
          .default(0.05, "5%"),
      )
      .addOption(
        new Option("--budget <time>", "begin no further probe after this")
          .argParser(durationMs)
          .default(600_000, "10m"),
      )
      .addOption(
        new Option("--engine <name>", "k6, or autocannon, which needs nothing installed")
          .choices(["auto", "k6", "autocannon"])
          .default("auto"),
      )
      .option("--k6 <path>", "the k6 binary")
      .option(
        "--allow-target <host>",
        "load this host although it is not in a private range; may be repeated",
        collect,
      )
      .option("--out <dir>", "where capacity.json is written (default: reports/<system>/<run-id>)")
      .addHelpText(
        "after",
        "\nExamples:\n  headroom capacity <system> --target http://127.0.0.1:8000\n  headroom capacity <system> --target … --instances 3 --precision 3%\n  headroom capacity --from points.csv",
      )
      .action(async (system: string | undefined, options) =>
        (await import("./capacity.ts")).capacity(system, options),
      ),
  );
  add(
    historyOptions(outputOptions(command("plan", "history → forecast → sizing: what to buy, and by when")))
      .argument("<system>")
      .addOption(
        new Option("--horizon <time>", "how far ahead, such as 180d (default: the profile's)").argParser(
          durationMs,
        ),
      )
      .addOption(
        new Option(
          "--growth <percent>",
          "growth by the horizon's end on top of the organic one, such as 20%",
        ).argParser(percent),
      )
      .option(
        "--event <date:change:name>",
        "a change on top, from a day on, such as 2027-02-01:+40%:launch; may be repeated",
        (text: string, all: DatedEvent[] = []) => [...all, datedEvent(text)],
      )
      .option(
        "--capacity <file>",
        "capacity.json of `headroom capacity`: what one instance was measured to take",
      )
      .option("--catalogue <file>", "other instance classes than the shipped ones")
      .addOption(
        new Option("--fail-on <what>", "exit 1 when a resource runs out within the horizon").choices([
          "exhaustion",
        ]),
      )
      .addHelpText(
        "after",
        "\nExamples:\n  headroom plan <system> --history sample\n  headroom plan <system> --prometheus http://127.0.0.1:9090 --horizon 180d\n  headroom plan <system> --history q3.json --event 2027-02-01:+40%:launch --fail-on exhaustion",
      )
      .action(async (system: string, options) => (await import("./plan.ts")).plan(system, options)),
  );
  add(
    historyOptions(command("snapshot", "record the plan's history to one file, to plan from it anywhere"))
      .argument("<system>")
      .option("--out <file>", "where it is written (default: <system>-<day>.history.json)")
      .addOption(
        new Option("--digits <n>", "round values to so many significant digits").argParser(positiveInteger),
      )
      .option("--source <name>", "what to call its source instead of the URL")
      .addHelpText(
        "after",
        "\nExample:\n  headroom snapshot <system> --prometheus http://127.0.0.1:9090 --out q3.json",
      )
      .action(async (system: string, options) => (await import("./snapshot.ts")).snapshot(system, options)),
  );
  add(
    historyOptions(
      command("backtest", "how well would the forecast have done: series held out, forecast and scored"),
    )
      .argument(
        "[system | csv]",
        "a system's demands by day, or series to hold the last points of: a row is id,value,value,…",
      )
      .option("--train <csv>", "histories, a row each")
      .option("--test <csv>", "what came after, by the same ids")
      .addOption(
        new Option("--season <list>", "lengths of the seasons in points, such as 24,168; 1: looked for")
          .argParser(wholeNumbers)
          .default([1], "1"),
      )
      .addOption(
        new Option("--horizon <n>", "points ahead; days for a system (default: 28)").argParser(
          positiveInteger,
        ),
      )
      .option("--forecasts <csv>", "write id,h,mean,lo95,hi95")
      .addHelpText(
        "after",
        "\nExamples:\n  headroom backtest <system> --history sample\n  headroom backtest --train train.csv --test test.csv --season 24,168 --horizon 48",
      )
      .action(async (csv: string | undefined, options) =>
        (await import("./backtest.ts")).backtest(csv, options),
      ),
  );
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
          .argParser(wholeNumber)
          .default(8000),
      )
      .addOption(
        new Option("--workers <n>", "requests served at once (default: the system's)").argParser(
          positiveInteger,
        ),
      )
      .option("--errors <share>", "answer with 500: 5%, or search=5%; may be repeated", collect)
      .option("--slow <time>", "wait before answering: 300ms, or search=3s; may be repeated", collect)
      .option("--rate-limit <rate>", "refuse a client beyond this with 429: 60/min")
      .option(
        "--write-history <file>",
        "write 90 made-up days of the system's metrics as OpenMetrics, and end",
      )
      .addOption(
        new Option("--scrape <time>", "with --write-history: a sample every so often")
          .argParser(durationMs)
          .default(60_000, "1m"),
      )
      .addOption(
        new Option("--as-of <time>", "with --write-history: its end (default: now)").argParser(instantMs),
      )
      .addOption(
        new Option("--seed <n>", "of the service times, of the history").argParser(wholeNumber).default(1),
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
