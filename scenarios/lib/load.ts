/**
 * The vocabulary of a load: which rate or how many users, for how long. Pure, so that k6, the embedded engine
 * and the planner of a run all read the same timeline.
 */

/** What kind of time it is. Criteria name a phase to speak of the steady state alone. */
export type Phase = "warm-up" | "steady" | "ramp" | "spike" | "recovery" | "ramp-down";
export const PHASES: readonly Phase[] = ["warm-up", "steady", "ramp", "spike", "recovery", "ramp-down"];

export interface Stage {
  /** `30s`, `5m`, `1h30m`, `500ms`. */
  readonly duration: string;
  /** Where the stage ends, reached in a straight line: requests/s (open) or users (closed). */
  readonly target: number;
  /** Said only where the inferred phase is not what is meant. */
  readonly phase?: Phase;
}

/**
 * Open: requests arrive at a rate whatever the target does, which is how the world calls an API.
 * Closed: a number of users, each waiting for its answer before it goes on.
 */
export interface Load {
  readonly model: "open" | "closed";
  /** Where the first stage begins. Default: 0. */
  readonly start?: number;
  readonly stages: readonly Stage[];
  /** Most virtual users an open load may use. Default: what 10 s per iteration would need. */
  readonly maxUsers?: number;
}

/** Changes to a load without editing it. */
export interface Scaling {
  readonly timeScale?: number;
  readonly loadScale?: number;
  /** Total length, milliseconds; the stages keep their proportions. */
  readonly durationMs?: number;
  /** Peak target, requests/s; open loads only. */
  readonly ratePerSecond?: number;
}

export interface PlannedStage {
  readonly durationMs: number;
  readonly from: number;
  readonly target: number;
  readonly phase: Phase;
  /** Number of the held level, from 1, when the load holds more than one; else null. */
  readonly step: number | null;
}

/** A load with its numbers settled. */
export interface LoadPlan {
  readonly model: "open" | "closed";
  readonly stages: readonly PlannedStage[];
  readonly totalMs: number;
  readonly peak: number;
  readonly requestsPerIteration: number;
  readonly preAllocatedUsers: number;
  readonly maxUsers: number;
}

/** More users or requests/s than this is a slip of the finger, whatever number of generators makes them. */
const MOST_LOAD = 10_000_000;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `1h30m`, `90s`, `500ms`; throws a RangeError that says what would be right. */
export function parseDurationMs(text: string): number {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text.trim()) {
    throw new RangeError(`"${text}" is not a duration; write it like 30s, 5m, 1h30m or 500ms`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

/** Settles a load: durations in ms, phases and steps named, users allotted. Throws RangeError on nonsense. */
export function planLoad(
  load: Load,
  journey: { requestsPerIteration: number; pauseSeconds: number },
  scaling: Scaling = {},
): LoadPlan {
  const originalMs = load.stages.reduce((sum, stage) => sum + parseDurationMs(stage.duration), 0);
  const originalPeak = Math.max(load.start ?? 0, ...load.stages.map((stage) => stage.target));
  if (!(originalMs > 0)) throw new RangeError("the load lasts no time: give a stage a duration above 0s");
  if (!(originalPeak > 0)) throw new RangeError("the load is never above 0: give a stage a target above 0");
  if (scaling.ratePerSecond !== undefined && load.model === "closed") {
    throw new RangeError("a closed load has users, not a rate: use --load-scale instead of --rate");
  }
  const timeFactor =
    scaling.durationMs === undefined ? (scaling.timeScale ?? 1) : scaling.durationMs / originalMs;
  const loadFactor =
    scaling.ratePerSecond === undefined ? (scaling.loadScale ?? 1) : scaling.ratePerSecond / originalPeak;
  const settle = (target: number) => scaleTarget(load.model, target, loadFactor);

  const stages = nameStages(load, (stage) => parseDurationMs(stage.duration) * timeFactor, settle);
  const peak = Math.max(settle(load.start ?? 0), ...stages.map((stage) => stage.target));
  if (peak > MOST_LOAD)
    throw new RangeError(
      `the load comes to ${peak.toPrecision(3)} ${load.model === "closed" ? "users" : "requests/s"}; at most ${MOST_LOAD.toLocaleString("en-US")} make sense`,
    );
  const users = allotUsers(load, peak, journey);
  return {
    model: load.model,
    stages,
    totalMs: stages.reduce((sum, stage) => sum + stage.durationMs, 0),
    peak,
    requestsPerIteration: journey.requestsPerIteration,
    ...users,
  };
}

/** Users come whole, and a load that had some keeps at least one. */
function scaleTarget(model: Load["model"], target: number, factor: number): number {
  if (model === "open" || target === 0) return target * factor;
  return Math.max(1, Math.round(target * factor));
}

/** Little's law: iterations in flight = arrival rate × time in the system, for 1 s and at most 10 s of answers. */
function allotUsers(
  load: Load,
  peak: number,
  journey: { requestsPerIteration: number; pauseSeconds: number },
) {
  if (load.model === "closed") return { preAllocatedUsers: peak, maxUsers: peak };
  const iterationsPerSecond = peak / journey.requestsPerIteration;
  const most =
    load.maxUsers ?? Math.min(5000, Math.ceil(iterationsPerSecond * (journey.pauseSeconds + 10)) + 5);
  const usual = Math.ceil(iterationsPerSecond * (journey.pauseSeconds + 1)) + 5;
  return { preAllocatedUsers: Math.min(usual, most), maxUsers: most };
}

function nameStages(
  load: Load,
  durationMs: (stage: Stage) => number,
  settle: (target: number) => number,
): PlannedStage[] {
  let from = load.start ?? 0;
  let held = false;
  const named = load.stages.map((stage, index) => {
    const isHold = stage.target === from && stage.target > 0;
    const isLast = index === load.stages.length - 1;
    const inferred = isHold
      ? "steady"
      : isLast && stage.target === 0
        ? "ramp-down"
        : held
          ? "ramp"
          : "warm-up";
    const planned = {
      durationMs: durationMs(stage),
      from: settle(from),
      target: settle(stage.target),
      phase: stage.phase ?? inferred,
    };
    held ||= planned.phase === "steady";
    from = stage.target;
    return planned;
  });
  const levels = [...new Set(named.filter((stage) => stage.phase === "steady").map((stage) => stage.target))];
  return named.map((stage) => ({
    ...stage,
    step: levels.length > 1 && stage.phase === "steady" ? levels.indexOf(stage.target) + 1 : null,
  }));
}

/** The stage under way at a moment of the run; after the end, the last. */
export function stageAt(plan: LoadPlan, elapsedMs: number): PlannedStage {
  let endMs = 0;
  for (const stage of plan.stages) {
    endMs += stage.durationMs;
    if (elapsedMs < endMs) return stage;
  }
  return plan.stages[plan.stages.length - 1] as PlannedStage;
}

/** The planned target (requests/s or users) at a moment of the run. */
export function targetAt(plan: LoadPlan, elapsedMs: number): number {
  let startMs = 0;
  for (const stage of plan.stages) {
    if (elapsedMs < startMs + stage.durationMs) {
      return stage.from + ((stage.target - stage.from) * (elapsedMs - startMs)) / stage.durationMs;
    }
    startMs += stage.durationMs;
  }
  return 0;
}

/** Iterations an open load should have started by a moment of the run: the area under its rate. */
export function plannedIterations(plan: LoadPlan, elapsedMs = plan.totalMs): number {
  let requests = 0;
  let startMs = 0;
  for (const stage of plan.stages) {
    const spentMs = Math.max(0, Math.min(stage.durationMs, elapsedMs - startMs));
    if (spentMs > 0) {
      const end = stage.from + ((stage.target - stage.from) * spentMs) / stage.durationMs;
      requests += ((stage.from + end) / 2) * (spentMs / 1000);
    }
    startMs += stage.durationMs;
  }
  return requests / plan.requestsPerIteration;
}

/** Time a run of this length spent in a phase, milliseconds. */
export function phaseMs(plan: LoadPlan, phase: Phase, lengthMs: number): number {
  let startMs = 0;
  let spentMs = 0;
  for (const stage of plan.stages) {
    if (stage.phase === phase) spentMs += Math.max(0, Math.min(stage.durationMs, lengthMs - startMs));
    startMs += stage.durationMs;
  }
  return spentMs;
}
