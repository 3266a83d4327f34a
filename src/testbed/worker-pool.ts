/**
 * A first-come first-served queue before a fixed number of workers (G/G/c), kept in virtual time: each request is
 * told on arrival when it will be done. Timers only deliver answers and their lateness does not add up, so the
 * capacity is exactly workers / mean service time.
 */
export class WorkerPool {
  readonly workers: number;
  readonly #queueLimit: number;
  readonly #freeAtMs: number[];
  /** Start times of requests still waiting, ascending because the queue is first-come first-served. */
  readonly #starts: number[] = [];
  #busyMs = 0;

  constructor(workers: number, queueLimit: number) {
    this.workers = workers;
    this.#queueLimit = queueLimit;
    this.#freeAtMs = new Array(workers).fill(0);
  }

  /** When the request will be done (ms on the clock of `nowMs`), or null when the queue is full. */
  admit(nowMs: number, serviceMs: number): number | null {
    if (this.queued(nowMs) >= this.#queueLimit) return null;
    const worker = this.#freeAtMs.indexOf(Math.min(...this.#freeAtMs));
    const startMs = Math.max(nowMs, this.#freeAtMs[worker] as number);
    if (startMs > nowMs) this.#starts.push(startMs);
    this.#freeAtMs[worker] = startMs + serviceMs;
    this.#busyMs += serviceMs;
    return startMs + serviceMs;
  }

  queued(nowMs: number): number {
    while (this.#starts.length > 0 && (this.#starts[0] as number) <= nowMs) this.#starts.shift();
    return this.#starts.length;
  }

  busy(nowMs: number): number {
    return this.#freeAtMs.filter((freeAtMs) => freeAtMs > nowMs).length;
  }

  /** Seconds of work admitted so far. */
  get busySeconds(): number {
    return this.#busyMs / 1000;
  }
}
