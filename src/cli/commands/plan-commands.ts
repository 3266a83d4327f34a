import { Argument, type Command, Option } from "commander";
import type { DatedEvent } from "../../planner/demand/additions.ts";
import { BOUNDS } from "../../planner/profile/profile.ts";
import {
  command,
  datedEvent,
  durationFrom,
  historyOptions,
  outputOptions,
  percent,
  positiveInteger,
  scalingOptions,
  whatIf,
  wholeFrom,
  wholeNumbers,
} from "../options.ts";

/** Commands over a system's history. The code of each is loaded when it is used. */
export function addPlanCommands(add: (made: Command) => void): void {
  add(
    historyOptions(outputOptions(command("plan", "history → forecast → sizing: what to buy, and by when")))
      .argument("[system]", "name of the system; left out with --all")
      .option("--all", "every profile of the root: a plan each, and who runs out first")
      .addOption(
        new Option("--horizon <time>", "how far ahead, such as 180d (default: the profile's)").argParser(
          durationFrom(BOUNDS.horizon),
        ),
      )
      .addOption(
        new Option(
          "--growth <percent>",
          "growth by the horizon's end on top of the organic one, such as 20%",
        ).argParser(percent),
      )
      .option(
        "--what-if <changes>",
        "what would run out if other things ran: instances=5,pool=10,class=db.r6g.large",
        (text: string) => whatIf(text),
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
        new Option(
          "--fail-on <what>",
          "exit 1 when a resource runs out within the horizon, 4 when one could not be sized",
        ).choices(["exhaustion"]),
      )
      .addHelpText(
        "after",
        "\nExamples:\n  headroom plan <system> --history sample\n  headroom plan <system> --prometheus http://127.0.0.1:9090 --horizon 180d\n  headroom plan <system> --history q3.json --event 2027-02-01:+40%:launch --fail-on exhaustion\n  headroom plan --all --prometheus http://127.0.0.1:9090 --out q1",
      )
      .action(async (system: string | undefined, options) =>
        (await import("./plan.ts")).plan(system, options),
      ),
  );
  add(
    historyOptions(command("snapshot", "record the plan's history to one file, to plan from it anywhere"))
      .argument("<system>")
      .option("--out <file>", "where it is written (default: <system>-<day>.history.json)")
      .addOption(
        new Option("--digits <n>", "round values to so many significant digits").argParser(wholeFrom(1, 17)),
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
  const exporting = command(
    "export",
    "a file for another tool: alerting rules, a plan's settings, a load for several generators",
  );
  exporting.enablePositionalOptions();
  exporting.addCommand(
    scalingOptions(
      command("k6-operator", "a TestRun for Kubernetes: one load on several generators, judged as one"),
    )
      .argument("<system>")
      .requiredOption("--target <url>", "where the service answers, seen from the cluster")
      .addOption(
        new Option("--parallelism <n>", "generators").argParser(positiveInteger).makeOptionMandatory(),
      )
      .requiredOption("--remote-write <url>", "where the generators write, with native histograms enabled")
      .option("--scenario <shape>", "smoke, average, stress, spike, soak or breakpoint", "average")
      .option(
        "--thresholds <file>",
        "other criteria than the system's: answers beyond their limits are counted one by one",
      )
      .option("--run-id <name>", "what the run is called; each run needs one of its own (default: by time)")
      .option("--namespace <name>", "where it runs", "default")
      .option("--secret <name>", "a Secret whose keys become variables (default: headroom-<system>)")
      .option("--image <image>", "k6's image (default: grafana/k6 in the version Headroom is tested with)")
      .option("--separate", "each generator on a node of its own")
      .option("--out <file>", "write it there instead of printing it")
      .addHelpText(
        "after",
        "\nExample:\n  headroom export k6-operator <system> --target http://api.shop --parallelism 4 \\\n    --remote-write http://prometheus.monitoring:9090/api/v1/write --run-id release-1-4-2 | kubectl apply -f -\n  headroom gate --from-prometheus http://127.0.0.1:9090 --run-id release-1-4-2 --wait 10m",
      )
      .action(async (system: string, options) =>
        (await import("./export-k6-operator.ts")).exportOperator(system, options),
      ),
  );
  add(
    exporting
      .addArgument(
        new Argument("<what>", "what to write").choices(["alerts", "hpa", "tfvars", "postgresql", "redis"]),
      )
      .argument("<system>")
      .option("--plan <file>", "the plan to use (default: the newest under reports/<system>/)")
      .option("--out <file>", "write it there instead of printing it")
      .addHelpText(
        "after",
        "\nExamples:\n  headroom export alerts <system> --out rules/<system>.yaml\n  headroom export hpa <system> | kubectl apply -f -\n  headroom export k6-operator --help",
      )
      .action(async (what: string, system: string, options) =>
        (await import("./export.ts")).exportFile(what, system, options),
      ),
  );
}
