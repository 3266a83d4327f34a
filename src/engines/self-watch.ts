import { coresAvailable } from "./cores.ts";

const PERIOD_MS = 1000;

/** What the generator, one thread of this process, used of its core and how long it stood still; asked every second. */
export class SelfWatch {
  readonly cores = Math.min(1, coresAvailable());
  /** Share of that core, a value a second. */
  readonly cpu: number[] = [];
  #stalledMs = 0;
  #lastMs: number;
  #lastCpu = process.cpuUsage();

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** The longest time between two looks beyond what it should have been, ms. */
  get stalledMs(): number {
    return Math.round(this.#stalledMs);
  }

  look(nowMs: number): void {
    this.#stalledMs = Math.max(this.#stalledMs, nowMs - this.#lastMs - PERIOD_MS);
    this.#lastMs = nowMs;
    const { user, system } = process.cpuUsage(this.#lastCpu);
    this.#lastCpu = process.cpuUsage();
    this.cpu.push(Math.round((user + system) / 10_000 / this.cores) / 100);
  }
}
