import { type Command, Option } from "commander";
import {
  collect,
  command,
  durationFrom,
  durationMs,
  outputOptions,
  percent,
  permissionOptions,
  positiveInteger,
  requestRate,
  scalingOptions,
  wholeFrom,
  wholeNumbers,
} from "../options.ts";
import { baselineOptions } from "./result-commands.ts";

/** A source address has no more ports. */
const MOST_CONNECTIONS = 65_535;

/** Commands that put load on a target or judge what it did. The code of each is loaded when it is used. */
export function addLoadCommands(add: (made: Command) => void): void {
  add(
    baselineOptions(
      scalingOptions(
        permissionOptions(
          outputOptions(
            command("gate", "load a target, judge it against its SLA, report; the CI entry point"),
          ),
        ),
      ),
    )
      .argument("[system]", "name of the system; may be left out with --script")
      .option("--target <url>", "where the release under test answers")
      .option("--scenario <shape>", "smoke, average, stress, spike, soak or breakpoint", "average")
      .option("--against <url>", "the release in production beside it: both are loaded in turn and compared")
      .addOption(
        new Option("--rounds <n>", "with --against: how often each is loaded (default: 2)").argParser(
          positiveInteger,
        ),
      )
      .option("--script <file>", "a k6 script of your own instead of the system's scenario")
      .option("--thresholds <file>", "other criteria than thresholds/<system>.yaml")
      .option("--strict", "inconclusive where a gate criterion's 95% interval holds its limit")
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
        "--from-prometheus <url>",
        "judge the run of several generators (export k6-operator) from the store they write to; no load",
      )
      .option("--run-id <name>", "with --from-prometheus: the run")
      .addOption(
        new Option("--wait <time>", "with --from-prometheus: how long they may take to begin").argParser(
          durationMs,
        ),
      )
      .addHelpText(
        "after",
        "\nExamples:\n  headroom gate <system> --target http://127.0.0.1:8000\n  headroom gate <system> --target … --scenario average --time-scale 0.1\n  headroom gate <system> --target … --baseline latest-pass\n  headroom gate <system> --target http://candidate --against http://production\n  headroom gate --from-prometheus http://127.0.0.1:9090 --run-id release-1-4-2\n  headroom gate --script checkout.ts --target … --thresholds checkout.yaml --env SHOP_TOKEN\n\nCredentials for a journey's login come from the environment: HEADROOM_EMAIL and HEADROOM_PASSWORD, or HEADROOM_TOKEN.",
      )
      .action(async (system: string | undefined, options) =>
        (await import("./gate.ts")).gate(system, options),
      ),
  );
  add(
    permissionOptions(
      outputOptions(
        command("stress", "ad hoc load through autocannon: a URL, or a system's journey under its SLA"),
      ),
    )
      .argument("<url | system>")
      .option("--target <url>", "where the system answers")
      .addOption(
        new Option("-c, --connections <n>", "users, each waiting for its answer")
          .argParser(wholeFrom(1, MOST_CONNECTIONS))
          .default(10),
      )
      .addOption(
        new Option("-d, --duration <time>", "how long")
          .argParser(durationFrom({ least: "1s", most: "1d" }))
          .default(10_000, "10s"),
      )
      .addOption(
        new Option("-r, --rate <n>", "requests/s instead of as many as the users manage").argParser(
          requestRate,
        ),
      )
      .option("-m, --method <method>", "GET, or POST with a body")
      .option("-H, --header <header>", '"Name: value"; may be repeated', collect)
      .option("-b, --body <text>", "what is sent; @file sends a file")
      .addOption(
        new Option("-p, --pipelining <n>", "requests in flight per connection")
          .argParser(wholeFrom(1, 1000))
          .default(1),
      )
      .addOption(
        new Option("-w, --workers <n>", "threads; 0: none of its own")
          .argParser(wholeFrom(0, 256))
          .default(0),
      )
      .option("--compare-to <run>", "a stress.json, or the folder that holds it")
      .option("--thresholds <file>", "other criteria than the system's own")
      .addHelpText(
        "after",
        "\nExamples:\n  headroom stress http://127.0.0.1:8000/health -c 50 -d 30s\n  headroom stress http://127.0.0.1:8000/items -r 500 --out before\n  headroom stress <system> --target http://127.0.0.1:8000 -c 20",
      )
      .action(async (subject: string, options) => (await import("./stress.ts")).stress(subject, options)),
  );
  add(
    permissionOptions(
      command(
        "capacity",
        "the highest rate that holds the SLA: ladder, bisection, repeats; the scalability law",
      ),
    )
      .argument("[system]", "name of the system; may be left out with --from")
      .option("--target <url>", "where the service answers")
      .option("--from <csv>", "fit the scalability law to load,throughput pairs instead of measuring")
      .addOption(
        new Option("--predict <list>", "with --from: loads to say the throughput at, such as 8,16").argParser(
          wholeNumbers,
        ),
      )
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
        ).argParser(requestRate),
      )
      .addOption(
        new Option(
          "--max-rate <n>",
          "never offer more, requests/s (default: twice the breakpoint load)",
        ).argParser(requestRate),
      )
      .addOption(
        new Option("--hold <time>", "how long each rate is held at least")
          .argParser(durationFrom({ least: "1s", most: "1h" }))
          .default(10_000, "10s"),
      )
      .addOption(
        new Option("--precision <percent>", "half the width of the interval")
          .argParser(percent)
          .default(0.05, "5%"),
      )
      .addOption(
        new Option("--budget <time>", "begin no further probe after this")
          .argParser(durationFrom({ least: "1s", most: "1d" }))
          .default(600_000, "10m"),
      )
      .addOption(
        new Option("--engine <name>", "k6, or autocannon, which needs nothing installed")
          .choices(["auto", "k6", "autocannon"])
          .default("auto"),
      )
      .option("--k6 <path>", "the k6 binary")
      .option("--out <dir>", "where capacity.json is written (default: reports/<system>/<run-id>)")
      .addHelpText(
        "after",
        "\nExamples:\n  headroom capacity <system> --target http://127.0.0.1:8000\n  headroom capacity <system> --target … --instances 3 --precision 3%\n  headroom capacity --from points.csv",
      )
      .action(async (system: string | undefined, options) =>
        (await import("./capacity.ts")).capacity(system, options),
      ),
  );
}
