import { rmSync } from "node:fs";
import axios from "axios";
import type { Journey } from "../../scenarios/lib/journey.ts";
import type { ProbeOrder, ProbeTarget } from "../capacity/prober.ts";
import type { Measured, StepResult } from "../capacity/step.ts";
import type { Engine } from "../engines/engine.ts";
import type { Reach } from "../model/address.ts";
import { makeTemporaryFolder } from "../systems/make-folders.ts";
import type { GateSubject } from "./gate-subject.ts";
import { viewProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** A target that was overloaded is given this long to answer as before. */
const RECOVERY_MS = 30_000;

interface Probed {
  readonly subject: GateSubject & { readonly target: string };
  readonly journey: Journey;
  readonly engine: Engine;
  readonly reach: Reach;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Makes a search's loads with an engine, against a target over HTTP. */
export function probeTarget(probed: Probed): ProbeTarget {
  return {
    signal: probed.signal,
    load: (order) => load(probed, order),
    recover: () => recover(probed),
    say: (steps) => {
      for (const step of steps) probed.terminal.note(describeStep(step));
    },
  };
}

async function load(
  { subject, journey, engine, reach, terminal }: Probed,
  order: ProbeOrder,
): Promise<Measured> {
  const view = viewProgress(terminal, order.rates.map((rate) => rate.toFixed(0)).join(" "));
  const folder = makeTemporaryFolder("headroom-capacity-");
  try {
    const prepared = await engine.prepare({
      root: subject.root,
      script: subject.script,
      journey,
      plan: order.plan,
      load: order.load,
      scaling: {},
      target: subject.target,
      reach,
      criteria: [],
      folder,
      env: subject.env,
      signal: order.signal,
      onProgress: (progress) => {
        view.show(progress);
        order.onSecond(progress);
      },
    });
    return await prepared.run();
  } finally {
    view.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until the target answers three times running within a second, so that one overload does not judge the next. */
async function recover({ subject, signal }: Probed): Promise<void> {
  const untilMs = Date.now() + RECOVERY_MS;
  for (let good = 0; good < 3 && Date.now() < untilMs && !signal.aborted; ) {
    const answered = await axios
      .get(subject.target, { timeout: 1000, maxRedirects: 0, validateStatus: () => true, signal })
      .then(
        () => true,
        () => false,
      );
    good = answered ? good + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function describeStep({ offered, achieved, p95Ms, errorRatio, holds, brokenBy }: StepResult): string {
  const verdict = holds === null ? "?" : holds ? "holds" : "breaks";
  const p95 = p95Ms === null ? "–" : `${p95Ms.toFixed(0)} ms`;
  const errors = errorRatio === null ? "–" : `${(errorRatio * 100).toFixed(2)}%`;
  return `  ${offered.toFixed(1).padStart(8)}/s  ${verdict}  got ${achieved.toFixed(1)}/s, p95 ${p95}, errors ${errors}${brokenBy ? `  (${brokenBy})` : ""}`;
}
