import { findMarks, type Marks, notFound } from "../engines/distributed/find-run.ts";
import { distributedEngine } from "../engines/distributed/index.ts";
import { requireRunId, scalingIn } from "../engines/distributed/run-order.ts";
import type { Engine } from "../engines/engine.ts";
import { InputError } from "../model/problem.ts";
import { PrometheusClient } from "../prometheus/client.ts";
import { connectionFrom } from "../prometheus/connection.ts";
import { withoutCredentials } from "../prometheus/redact-url.ts";
import type { SubjectOptions } from "./gate-subject.ts";
import type { Terminal } from "./terminal.ts";

export interface DistributedOptions {
  /** The store that several generators wrote to. */
  readonly fromPrometheus?: string;
  readonly runId?: string;
  /** How long the generators may take to begin, ms. */
  readonly wait?: number;
}

export interface DistributedRun {
  readonly runId: string;
  readonly engine: Engine;
  readonly system: string;
  /** What the run was exported with, instead of options. */
  readonly exported: Pick<
    SubjectOptions,
    "target" | "scenario" | "timeScale" | "loadScale" | "duration" | "rate"
  >;
}

const POLL_MS = 2000;

/** The run that --run-id names, once its generators have begun; null where no store is named. */
export async function findDistributedRun(
  system: string | undefined,
  options: DistributedOptions & Partial<SubjectOptions> & { readonly against?: string },
  terminal: Terminal,
): Promise<DistributedRun | null> {
  if (options.fromPrometheus === undefined) {
    if (options.runId === undefined && options.wait === undefined) return null;
    throw InputError.option(
      "--run-id and --wait are about a run of several generators",
      "Say with --from-prometheus which store they write to",
    );
  }
  requireNoLoad({ ...options });
  if (options.runId === undefined)
    throw InputError.option("no run named", "Give the --run-id that the load was exported with");
  const runId = requireRunId(options.runId);
  const client = new PrometheusClient(connectionFrom(options.fromPrometheus, process.env));
  const marks = await awaitMarks(client, runId, options, terminal);
  const { labels } = marks;
  if (system !== undefined && system !== labels.system)
    throw InputError.option(`${runId} is a run of ${labels.system}`, `Leave out ${system}`);
  const { durationMs, ratePerSecond, ...factors } = scalingIn(labels.scaling) ?? {};
  return {
    runId,
    engine: distributedEngine(client, runId, marks),
    system: labels.system,
    exported: {
      target: labels.target,
      scenario: labels.scenario,
      ...factors,
      ...(durationMs === undefined ? {} : { duration: durationMs }),
      ...(ratePerSecond === undefined ? {} : { rate: ratePerSecond }),
    },
  };
}

/** The run has been loaded already: what says how to load contradicts it. */
function requireNoLoad(options: Readonly<Record<string, unknown>>): void {
  const given = ["target", "against", "script", "timeScale", "loadScale", "duration", "rate"].filter(
    (name) => options[name] !== undefined,
  );
  if (given.length === 0) return;
  const names = given.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw InputError.option(
    `--from-prometheus judges a load that was made elsewhere, and ${names.join(", ")} would make one`,
    "Give one of them; what the run was exported with it knows by itself",
  );
}

async function awaitMarks(
  client: PrometheusClient,
  runId: string,
  { fromPrometheus, wait = 0 }: DistributedOptions,
  terminal: Terminal,
): Promise<Marks> {
  const deadlineMs = Date.now() + wait;
  for (let attempt = 0; ; attempt++) {
    const marks = await findMarks(client, runId);
    if (marks !== null) return marks;
    if (Date.now() >= deadlineMs) throw notFound(withoutCredentials(fromPrometheus ?? ""), runId);
    if (attempt === 0) terminal.note(`${runId}: waiting for its generators to begin …`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
