import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { allSteps } from "../../../scenarios/lib/journey.ts";
import type { Past } from "../../../scenarios/lib/testbed.ts";
import { InputError, messageOf, ToolError } from "../../model/problem.ts";
import { findRoot } from "../../systems/find-root.ts";
import { requireSystem } from "../../systems/list-systems.ts";
import { loadJourney } from "../../systems/load-scenario.ts";
import { loadTestbed } from "../../systems/load-testbed.ts";
import { parseFaults } from "../../testbed/faults.ts";
import { writeOpenMetrics } from "../../testbed/past.ts";
import { serveTestbed } from "../../testbed/serve.ts";
import { onInterrupt } from "../interrupt.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

interface TestbedOptions extends CommonOptions {
  readonly port: number;
  readonly workers?: number;
  readonly instances: number;
  readonly errors?: string[];
  readonly slow?: string[];
  readonly slower?: string[];
  readonly rateLimit?: string;
  readonly seed: number;
  readonly writeHistory?: string;
  readonly scrape: number;
  readonly asOf?: number;
}

/** `headroom testbed`: serves until interrupted. */
export async function testbed(system: string, options: TestbedOptions): Promise<void> {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  requireSystem(root, system);
  const journey = await loadJourney(root, system);
  const settings = await loadTestbed(root, system, journey);
  if (options.writeHistory !== undefined) {
    if (!settings.past)
      throw InputError.option(
        `${system} has no made-up past`,
        `Give scenarios/${system}/testbed.ts a \`past\``,
      );
    writePast(options.writeHistory, settings.past, options);
    terminal.print(`history of ${system}: ${options.writeHistory}`);
    return;
  }
  const steps = allSteps(journey);
  const workers = options.workers ?? settings.workers;
  const faults = parseFaults(
    options,
    steps.map(({ endpoint }) => endpoint),
  );
  const interrupted = onInterrupt(() => {});
  const running = await serveTestbed(journey, settings, {
    port: options.port,
    workers,
    instances: options.instances,
    faults,
    seed: options.seed,
  }).catch((thrown) => {
    throw new ToolError(
      `cannot listen on port ${options.port}: ${messageOf(thrown)}`,
      "Choose another with --port, or 0 for a free one",
      thrown,
    );
  });
  if (options.json) {
    terminal.print(
      JSON.stringify({
        system,
        url: running.url,
        workers,
        instances: options.instances,
        capacityPerSecond: running.capacityPerSecond,
      }),
    );
  } else {
    terminal.print(
      `${system} testbed at ${running.url}, metrics at ${running.url}${settings.metricsPath ?? "/metrics"}`,
    );
    terminal.print(
      `true capacity ${running.capacityPerSecond.toFixed(0)} requests/s of the journey's mix: ${options.instances > 1 ? `${options.instances} instances × ` : ""}${workers} workers / mean service time ${((options.instances * workers * 1000) / running.capacityPerSecond).toFixed(1)} ms`,
    );
    for (const { method, path, endpoint } of steps)
      terminal.note(`  ${endpoint.padEnd(20)} ${method} ${path}`);
    terminal.note("Ctrl-C ends it");
  }
  await new Promise<void>((resolve) =>
    interrupted.signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  await running.close();
  interrupted.dispose();
}

const PAST_MS = 90 * 86_400_000;

/** The file grows to a hundred megabytes: it is written a metric at a time. */
function writePast(path: string, past: Past, { scrape: stepMs, asOf, seed }: TestbedOptions): void {
  const endMs = Math.floor((asOf ?? Date.now()) / stepMs) * stepMs;
  const window = { startMs: endMs - PAST_MS, endMs, stepMs, seed };
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, "w");
    for (const text of writeOpenMetrics(past, window)) writeSync(file, text);
    closeSync(file);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new ToolError(
      `cannot write ${path}: ${messageOf(cause)}`,
      "Check the disk and the permissions",
      cause,
    );
  }
}
