import { dirname } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { parseDurationMs } from "../../../scenarios/lib/load.ts";
import { InputError, Interrupted } from "../../model/problem.ts";
import type { LoadOrder } from "../engine.ts";
import { tether } from "../tether.ts";
import type { K6 } from "./find-k6.ts";
import { LogKeeper } from "./log.ts";
import { parseJson } from "./parse-json.ts";
import { redactorFor } from "./redact.ts";
import { k6Env } from "./run-k6.ts";

/** A script that takes longer than this to load does so in every virtual user, or never ends. */
const TIMEOUT_MS = 30_000;

const Requirements = z.object({
  totalDuration: z.string().optional(),
  maxVUs: z.number().optional(),
  paused: z.boolean().nullish(),
  setupTimeout: z.string().nullish(),
  teardownTimeout: z.string().nullish(),
  handleSummaryTimeout: z.string().nullish(),
});

/** What k6 allows beside the load where the script does not say (k6 documentation, Options). */
const DEFAULT_TIMEOUTS_MS = { setup: 60_000, teardown: 60_000, summary: 120_000 };
/** For starting, and for writing what was recorded. */
const LATE_MS = 30_000;

export interface Inspected {
  readonly totalMs: number | null;
  readonly maxUsers: number | null;
  /** After this time from its start not even a slow k6 still runs, ms; null: nobody knows. */
  readonly endsWithinMs: number | null;
}

/**
 * Loads the script in `k6 inspect` before any load: exceptions at load, options k6 refuses and scripts that never
 * finish loading end here, as InputErrors.
 */
export async function preflight(k6: K6, bundle: string, order: LoadOrder): Promise<Inspected> {
  const args = [
    "inspect",
    "--execution-requirements",
    "--include-system-env-vars",
    "--log-format",
    "json",
    "-",
  ];
  const inspecting = execa(k6.path, args, {
    cwd: dirname(order.script),
    env: k6Env(order),
    extendEnv: false,
    input: bundle,
    reject: false,
    timeout: TIMEOUT_MS,
    forceKillAfterDelay: 1000,
    cancelSignal: order.signal,
  });
  tether(inspecting);
  const result = await inspecting;
  const fail = (message: string, remedy: string) => new InputError([{ file: order.script, message, remedy }]);
  if (order.signal.aborted) throw new Interrupted();
  if (result.timedOut) {
    throw fail(
      `does not finish loading within ${TIMEOUT_MS / 1000} s`,
      "Look for a loop at the top level of the script; code outside functions runs once per virtual user",
    );
  }
  if (result.failed) {
    const log = new LogKeeper(redactorFor(order));
    log.push(String(result.stderr));
    throw fail(
      `k6 cannot load it: ${log.lines().join(" · ") || "no message"}`,
      "Mend the script; the position is that of the .ts file",
    );
  }
  const parsed = Requirements.safeParse(parseJson(String(result.stdout)));
  if (!parsed.success) return { totalMs: null, maxUsers: null, endsWithinMs: null };
  const { totalDuration, maxVUs, paused, setupTimeout, teardownTimeout, handleSummaryTimeout } = parsed.data;
  const totalMs = goDurationMs(totalDuration);
  const beside =
    (goDurationMs(setupTimeout) ?? DEFAULT_TIMEOUTS_MS.setup) +
    (goDurationMs(teardownTimeout) ?? DEFAULT_TIMEOUTS_MS.teardown) +
    (goDurationMs(handleSummaryTimeout) ?? DEFAULT_TIMEOUTS_MS.summary);
  const isBounded = totalMs !== null && paused !== true;
  return {
    totalMs,
    maxUsers: maxVUs ?? null,
    endsWithinMs: isBounded ? totalMs + beside + LATE_MS : null,
  };
}

/** Go prints `1m30.5s`. */
function goDurationMs(text: string | null | undefined): number | null {
  if (text === null || text === undefined) return null;
  try {
    return parseDurationMs(text);
  } catch {
    return null;
  }
}
