import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findK6 } from "../../engines/k6/find-k6.ts";
import { setupK6 } from "../../engines/k6/setup-k6.ts";
import { tether } from "../../engines/tether.ts";
import { InputError, ToolError } from "../../model/problem.ts";
import type { Verdict } from "../../model/verdict.ts";
import { renderPlanTerminal } from "../../reporters/plan/terminal.ts";
import { findRoot } from "../../systems/find-root.ts";
import { listSystems, requireSystem } from "../../systems/list-systems.ts";
import { EXIT } from "../exit-codes.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { shownPath } from "../write-files.ts";
import { runCapacity } from "./capacity.ts";
import { runGate } from "./gate.ts";
import { runPlan } from "./plan.ts";

/** `headroom demo`: a gate that passes, the same against a faulty release that fails, a capacity, a plan. */
export async function demo(system: string | undefined, options: CommonOptions): Promise<void> {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  const shown = system ?? listSystems(root)[0];
  if (shown === undefined)
    throw InputError.option("there is no system to show", "Scaffold one with `headroom init <slug>`");
  requireSystem(root, shown);
  await provideK6(terminal);

  terminal.print(`\n1 · A release under its SLA. ${shown} is played by a testbed on this machine.`);
  const good = await gateAgainst(shown, [], options, "good");
  if (good.verdict.interrupted) return end(EXIT.interrupted);
  terminal.print("2 · The next release has a defect: it answers every fourth request with 500. Same gate.");
  const faulty = await gateAgainst(shown, ["--errors", "25%"], options, "faulty");
  if (faulty.verdict.interrupted) return end(EXIT.interrupted);

  terminal.print(
    `What CI would have seen: exit 0 for the first (${good.verdict.status}), exit 1 for the second (${faulty.verdict.status}).`,
  );
  await showCapacity(shown, options, terminal);
  if (existsSync(join(root, "profiles", "samples", `${shown}.json`)))
    await showPlan(shown, options, terminal);
  terminal.print(
    `Reports, a folder each: report.html, run.json, verdict.json, junit.xml, summary.md, summary.csv, timeline.csv\n  ${shownPath(good.folder)}\n  ${shownPath(faulty.folder)}`,
  );
  terminal.print("Judge a run again, against other thresholds and without load:");
  terminal.print(`  npx headroom judge ${shownPath(faulty.folder)} --thresholds my.yaml`);
  if (good.verdict.status !== "pass" || faulty.verdict.status !== "fail") {
    throw new ToolError(
      `the demo did not go as told: ${good.verdict.status}, then ${faulty.verdict.status}`,
      "See the reasons above; a busy machine can be the cause",
    );
  }
}

/** Sixteen workers instead of the system's own, so that the search ends within the minute. */
const CAPACITY_WORKERS = "16";

async function showCapacity(system: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  terminal.print(
    `\n3 · How much does one instance take? A testbed of ${CAPACITY_WORKERS} workers; a short search, on a busy machine a rough one.`,
  );
  const served = await startTestbed(system, ["--workers", CAPACITY_WORKERS]);
  terminal.print(
    `The testbed's true capacity, from its settings: ${served.capacityPerSecond.toFixed(0)} requests/s.`,
  );
  try {
    await runCapacity(system, {
      ...options,
      target: served.url,
      scenario: "breakpoint",
      engine: "auto",
      instances: 1,
      fromRate: served.capacityPerSecond / 3,
      maxRate: served.capacityPerSecond * 2,
      hold: 3000,
      precision: 0.1,
      budget: 45_000,
      out: join(options.out ?? "reports", system, "demo-capacity"),
    });
  } finally {
    served.stop();
  }
}

async function showPlan(system: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  terminal.print(
    "\n4 · The quarterly review: what to buy, and by when, from the ninety days of history that ship with the system.",
  );
  const out = join(options.out ?? "reports", system, "demo-plan");
  const { plan } = await runPlan(system, { ...options, history: "sample", out });
  terminal.print(renderPlanTerminal(plan, terminal));
  terminal.print(`Plan, tables, Terraform variables and settings: ${shownPath(out)}\n`);
  const reports = ["demo-good", "demo-faulty", "demo-capacity", "demo-plan"].map((name) =>
    shownPath(join(out, "..", name, "report.html")),
  );
  terminal.print(`To look at in a browser:\n${reports.map((path) => `  ${path}`).join("\n")}\n`);
}

function end(code: number): void {
  process.exitCode = code;
}

/** Real k6 where it can be had; the embedded engine tells the same story without. */
async function provideK6(terminal: Terminal): Promise<void> {
  if (await findK6(undefined, process.env)) return;
  try {
    await setupK6(process.env, terminal.note);
  } catch (thrown) {
    if (!(thrown instanceof ToolError)) throw thrown;
    terminal.note(`${thrown.message}: going on with the embedded engine`);
  }
}

async function gateAgainst(
  system: string,
  faults: readonly string[],
  options: CommonOptions,
  name: string,
): Promise<{ verdict: Verdict; folder: string }> {
  const served = await startTestbed(system, faults);
  try {
    const out = join(options.out ?? "reports", system, `demo-${name}`);
    return await runGate(system, { ...options, target: served.url, scenario: "smoke", engine: "auto", out });
  } finally {
    served.stop();
  }
}

/** A testbed in a process of its own, so that it does not share a core's event loop with the generator. */
async function startTestbed(
  system: string,
  faults: readonly string[],
): Promise<{ url: string; capacityPerSecond: number; stop(): void }> {
  const cli = process.argv[1] ?? "";
  const child = spawn(process.execPath, [cli, "testbed", system, "--port", "0", "--json", ...faults], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const stop = () => child.kill("SIGTERM");
  tether(child);
  const said = await new Promise<{ url: string; capacityPerSecond: number }>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) =>
      resolve(JSON.parse(line) as { url: string; capacityPerSecond: number }),
    );
    child.once("exit", (code) =>
      reject(
        new ToolError(
          `the testbed ended with exit code ${code}`,
          "Run `headroom testbed` by itself to see why",
        ),
      ),
    );
  });
  return { ...said, stop };
}
