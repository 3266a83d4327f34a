import { seededRandom } from "../../../src/stats/random.ts";
import { drawServiceMs } from "../../../src/testbed/service-time.ts";
import { USUAL, type World } from "./world.ts";

const QUEUE_LIMIT = 1000;
/** A busy machine stands still so often on average, for up to so long. */
const STALL_EVERY_MS = 8000;
const STALL_PER_NOISE = 20;

/** First come, first served by a number of workers, in virtual time; requests must come in the order of their times. */
export class Server {
  readonly #world: World;
  readonly #random: () => number;
  readonly #freeAtMs: number[];
  #ends: number[] = [];
  #stallUntilMs = 0;
  #nextStallMs = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = seededRandom(world.seed * 7919 + 1);
    this.#freeAtMs = new Array(world.workers).fill(0);
  }

  /** When a request is answered, and how. */
  serve(atMs: number, endpoint: string): { readonly doneMs: number; readonly status: number } {
    const { endpoints, workers, refuseBeyond } = this.#world;
    const most = refuseBeyond ?? QUEUE_LIMIT + workers;
    if (this.#ends.length >= most) this.#ends = this.#ends.filter((endMs) => endMs > atMs);
    if (this.#ends.length >= most) return { doneMs: this.#seen(atMs + 1), status: 503 };
    const free = this.#freeAtMs;
    let worker = 0;
    for (let at = 1; at < workers; at++) if ((free[at] as number) < (free[worker] as number)) worker = at;
    const startMs = Math.max(atMs, free[worker] as number);
    const endMs = this.#workUntil(startMs, drawServiceMs(endpoints[endpoint] ?? USUAL, this.#random));
    free[worker] = endMs;
    this.#ends.push(endMs);
    return { doneMs: this.#seen(endMs), status: 200 };
  }

  /** Work does not go on in the pauses. */
  #workUntil(startMs: number, workMs: number): number {
    const { pause } = this.#world;
    if (pause === null) return startMs + workMs;
    const { everyMs, lengthMs } = pause;
    let [now, left] = [startMs, workMs];
    for (;;) {
      const into = now % everyMs;
      if (into < lengthMs) now += lengthMs - into;
      const untilPause = everyMs - (now % everyMs);
      if (left < untilPause) return now + left;
      left -= untilPause;
      now += untilPause;
    }
  }

  /** The machine's own delay. */
  #seen(doneMs: number): number {
    const { noiseMs } = this.#world;
    if (doneMs > this.#nextStallMs) {
      this.#stallUntilMs = doneMs + noiseMs * STALL_PER_NOISE * this.#random();
      this.#nextStallMs = doneMs - STALL_EVERY_MS * Math.log(1 - this.#random());
    }
    const stalled = doneMs > this.#stallUntilMs - noiseMs * STALL_PER_NOISE && doneMs < this.#stallUntilMs;
    return (stalled ? this.#stallUntilMs : doneMs) - noiseMs * Math.log(1 - this.#random());
  }
}
