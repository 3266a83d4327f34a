import type { LoadPlan } from "../../scenarios/lib/load.ts";

/**
 * When iterations of an open load are due, ms: as often as the area under its rate passes a whole number.
 *
 * @param isExact k6 is told whole iterations per minute, the embedded engine the rate itself
 */
export function* arrivalsOf(plan: LoadPlan, isExact: boolean): Generator<number> {
  const rateOf = (target: number) =>
    isExact ? target / plan.requestsPerIteration : Math.round((target / plan.requestsPerIteration) * 60) / 60;
  let [due, startMs] = [1, 0];
  let before = 0;
  for (const stage of plan.stages) {
    const seconds = stage.durationMs / 1000;
    const [from, to] = [rateOf(stage.from), rateOf(stage.target)];
    const slope = (to - from) / seconds;
    const whole = before + ((from + to) / 2) * seconds;
    for (; due <= whole + 1e-6; due++) {
      const area = Math.max(0, due - before);
      const rest = Math.sqrt(Math.max(0, from * from + 2 * slope * area));
      // The root of from·t + slope·t²/2 = area, written so that a slope of none divides by nothing.
      const t = from + rest > 0 ? (2 * area) / (from + rest) : 0;
      yield startMs + Math.min(seconds, t) * 1000;
    }
    before = whole;
    startMs += stage.durationMs;
  }
}

/** Between which moments each user of a closed load is at work. */
export function closedUsersOf(plan: LoadPlan): { fromMs: number; toMs: number }[] {
  return Array.from({ length: plan.maxUsers }, (_, user) => {
    const within = momentsAbove(plan, user + 0.5);
    return { fromMs: within[0] ?? 0, toMs: within.at(-1) ?? 0 };
  });
}

const GRAIN_MS = 20;

function momentsAbove(plan: LoadPlan, level: number): number[] {
  const moments: number[] = [];
  let startMs = 0;
  for (const { durationMs, from, target } of plan.stages) {
    for (let ms = 0; ms < durationMs; ms += GRAIN_MS)
      if (from + ((target - from) * ms) / durationMs >= level) moments.push(startMs + ms);
    startMs += durationMs;
  }
  return moments.length === 0 ? [] : [moments[0] as number, moments.at(-1) as number];
}
