import type { Draw } from "./draw.ts";
import type { Outcome } from "./target.ts";
import type { GeneratorFault, GeneratorFaultKind, World } from "./world.ts";

/** The machine that makes the load, and what is wrong with it. */
export class Machine {
  readonly #draw: Draw;
  readonly #faults: ReadonlyMap<GeneratorFaultKind, GeneratorFault>;
  readonly #totalMs: number;

  constructor(world: World, draw: Draw) {
    this.#draw = draw;
    this.#totalMs = world.plan.totalMs;
    this.#faults = new Map(world.generator.map((fault) => [fault.kind, fault]));
  }

  /** When the load ends before its time; null: it does not. */
  get endsMs(): number | null {
    const early = ["killed", "crash", "aborted", "interrupted"] as const;
    const ends = early.flatMap((kind) => this.#faults.get(kind)?.at ?? []);
    return ends.length === 0 ? null : Math.min(...ends) * this.#totalMs;
  }

  /** What was due while the machine stood still begins when it wakes. */
  awakeAt(dueMs: number): number {
    const stall = this.#stall();
    return stall !== null && dueMs >= stall.fromMs && dueMs < stall.untilMs ? stall.untilMs : dueMs;
  }

  /** What the generator's clock says of an answer that took so long. */
  timed(atMs: number, durationMs: number): number {
    const stall = this.#stall();
    const slept =
      stall !== null && atMs < stall.fromMs && atMs + durationMs > stall.fromMs
        ? stall.untilMs - stall.fromMs
        : 0;
    const cpu = this.#faults.get("cpu");
    // Where it is short of time for a moment only, nothing waits that could be seen.
    const waited = cpu === undefined || cpu.amount < 0.1 ? 0 : this.#draw.uniform() * cpu.amount * 40;
    return durationMs + slept + waited;
  }

  #stall(): { fromMs: number; untilMs: number } | null {
    const stall = this.#faults.get("stall");
    if (stall === undefined) return null;
    const fromMs = Math.floor((stall.at * this.#totalMs) / 1000) * 1000;
    return { fromMs, untilMs: fromMs + stall.amount * 1000 };
  }

  /** A request that the machine itself could not send never reached the target. */
  outcomeOf(outcome: Outcome): Outcome {
    const own = this.#faults.get("files") ?? this.#faults.get("ports");
    if (own === undefined || !this.#draw.chance(own.amount)) return outcome;
    const error = own.kind === "files" ? OWN_FILES : OWN_PORTS;
    return { ...outcome, status: 0, error, medianMs: 0, sigma: 0, body: "none", limited: false };
  }

  /** Whether the machine was too busy to begin an iteration in time. */
  isLate(): boolean {
    const late = this.#faults.get("late");
    return late !== undefined && this.#draw.chance(late.amount);
  }

  throws(): boolean {
    const exceptions = this.#faults.get("exceptions");
    return exceptions !== undefined && this.#draw.chance(exceptions.amount);
  }
}

/** Not k6's codes: it has one for both (1213), and its log tells them apart. */
export const OWN_FILES = -1;
export const OWN_PORTS = -2;
