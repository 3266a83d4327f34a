import { type Command, Option } from "commander";
import { command, durationMs, outputOptions, positiveInteger } from "../options.ts";

/** Commands about what runs and plans left behind; none of them puts load on anything. */
export function addResultCommands(add: (made: Command) => void): void {
  add(
    baselineOptions(
      outputOptions(
        command("judge", "judge a saved run again, against other thresholds if given; no load"),
        "nothing is written; with --format, beside run.json",
      ),
    )
      .argument("[run]", "run.json, or the folder that holds it")
      .option("--from-prometheus <url>", "a run of several generators, from the store they wrote to")
      .option("--run-id <name>", "with --from-prometheus: the run")
      .option("--thresholds <file>", "criteria to judge by (default: those the run was made with)")
      .option("--strict", "inconclusive where a gate criterion's 95% interval holds its limit")
      .addHelpText(
        "after",
        "\nExample:\n  headroom judge reports/<system>/20261120-120000-average-1a2b --thresholds stricter.yaml",
      )
      .action(async (run: string | undefined, options) =>
        (await import("./judge.ts")).judgeAgain(run, options),
      ),
  );
  add(
    outputOptions(
      command("report", "render a saved run, capacity or plan again, in any format"),
      "nothing is written; with --format, beside the result",
    )
      .argument("<result>", "run.json, capacity.json or plan.json, or the folder that holds it")
      .addHelpText(
        "after",
        "\nExample:\n  headroom report reports/<system>/plan-2026-11-16 --format html --out public",
      )
      .action(async (path: string, options) => (await import("./report.ts")).report(path, options)),
  );
  add(
    command(
      "compare",
      "two runs: what changed, with its interval; two plans: what they say, and how the older one's forecast did",
    )
      .argument("<a>", "the baseline: a run, a folder of several, or a plan")
      .argument("<b>", "the candidate")
      .option("--thresholds <file>", "its `regression` criteria instead of the candidate's own")
      .option("--anyway", "compare although the load differs or a run is inconclusive")
      .option("--out <dir>", "write comparison.json and comparison.md there")
      .option("--format <list>", "files to write: json, markdown (default: all)")
      .addHelpText(
        "after",
        "\nExamples:\n  headroom compare reports/<system>/before reports/<system>/after\n  headroom compare reports/<system>/plan-2026-08-16 reports/<system>/plan-2026-11-16\n\nExit codes: 0 nothing is worse · 1 regressed · 2 not like for like · 4 cannot be told",
      )
      .action(async (a: string, b: string, options) => (await import("./compare.ts")).compare(a, b, options)),
  );
  add(
    command("runs", "past runs of a system: verdict, key figures and trend")
      .argument("<system>")
      .option("--scenario <shape>", "only these")
      .addOption(new Option("--last <n>", "how many").argParser(positiveInteger).default(20))
      .addHelpText("after", KEPT_AT)
      .action(async (system: string, options) => (await import("./runs.ts")).runs(system, options)),
  );
  add(
    command("prune", "remove old runs; the newest, and the newest pass of each load, stay")
      .argument("<system>")
      .addOption(
        new Option("--keep <n>", "newest runs that stay whatever they are")
          .argParser(positiveInteger)
          .default(20),
      )
      .addOption(new Option("--older-than <time>", "only runs older than, such as 90d").argParser(durationMs))
      .option("--yes", "remove them; without it they are only listed")
      .addHelpText("after", KEPT_AT)
      .action(async (system: string, options) => (await import("./runs.ts")).prune(system, options)),
  );
}

const KEPT_AT =
  "\nRuns are looked for under reports/, or where HEADROOM_REPORTS says, such as a folder restored from an artefact store.";

/** What a run is held to beside its SLA. */
export function baselineOptions(target: Command): Command {
  return target
    .option("--baseline <run>", "hold it to a run, a folder of several, or latest-pass (the newest like it)")
    .option("--across-machines", "with --baseline: although it was measured on another machine")
    .option("--baseline-optional", "with --baseline: none yet is fine, as on a pipeline's first run");
}
