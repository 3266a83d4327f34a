import { openUsers, type User, type UserPool } from "./user-pool.ts";

/** k6's default request timeout, so that both engines give up alike. */
export const REQUEST_TIMEOUT_SECONDS = 60;
/** Connections opened at once when the idle ones run out. */
const OPENED_TOGETHER = 20;

/** The virtual users of a run: who is idle, who is busy, and how many more may come. */
export class Crew {
  readonly #origin: string;
  readonly #most: number;
  readonly #pools: UserPool[] = [];
  readonly #idle: User[] = [];
  readonly #pauses = new Set<() => void>();
  #isOver = false;
  /** Users opened so far. */
  opened = 0;
  busy = 0;

  constructor(target: string, first: number, most: number) {
    this.#origin = new URL(target).origin;
    this.#most = most;
    this.#open(Math.max(1, first));
  }

  #open(count: number): void {
    const pool = openUsers(this.#origin, count, REQUEST_TIMEOUT_SECONDS);
    this.#pools.push(pool);
    this.#idle.push(...pool.users);
    this.opened += count;
  }

  /** Gives an idle user work until it settles; false when every user is busy and no more may come. */
  assign(work: (user: User) => Promise<void>): boolean {
    if (this.#idle.length === 0 && this.opened < this.#most) {
      this.#open(Math.min(OPENED_TOGETHER, this.#most - this.opened));
    }
    const user = this.#idle.pop();
    if (user === undefined) return false;
    this.busy++;
    void work(user).finally(() => {
      this.busy--;
      this.#idle.push(user);
    });
    return true;
  }

  /** Work of one user that the caller waits for. */
  async ask<T>(work: (user: User) => Promise<T>): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      this.assign((user) => work(user).then(resolve, reject));
    });
  }

  /** Think time; over at once when the run is. */
  pause(seconds: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, seconds * 1000);
      this.#pauses.add(wake);
    });
  }

  /** Ends all think time and waits until every user is done, at most this long. */
  async drain(mostMs: number): Promise<void> {
    this.#isOver = true;
    for (const wake of this.#pauses) wake();
    const untilMs = performance.now() + mostMs;
    while (this.busy > 0 && performance.now() < untilMs)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()));
  }
}
