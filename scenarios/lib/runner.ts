/**
 * What one of several generators says beside its samples, so that one verdict over all of them can be read from the
 * store they write to: when it began and ended and what it was part of, how every check came out, and which
 * answers lay beyond a criterion's limit. The last two are counted because the store has neither: of a check it keeps
 * each generator's share without its weight, of a duration a histogram whose buckets are 9% wide.
 */
import { Counter, Gauge } from "k6/metrics";
import { limitKey, type RunnerOrder } from "./runner-order.ts";

export interface Runner {
  began(): void;
  ended(): void;
  answered(endpoint: string, phase: string | undefined, ms: number): void;
  checked(check: string, passed: boolean, tags: Record<string, string>): void;
  /** An answer as a whole: right when all of its checks held. */
  judged(right: boolean, tags: Record<string, string>): void;
}

/** To be called once, while the script loads. */
export function runnerOf({ labels, limits }: RunnerOrder): Runner {
  const begun = new Gauge("headroom_begun");
  const ended = new Gauge("headroom_ended");
  const checks = new Counter("headroom_checks");
  const answers = new Counter("headroom_answers");
  const beyond = new Counter("headroom_beyond");
  const isBroken = {
    "<=": (ms: number, limit: number) => ms > limit,
    "<": (ms: number, limit: number) => ms >= limit,
    ">=": (ms: number, limit: number) => ms < limit,
    ">": (ms: number, limit: number) => ms <= limit,
  };
  return {
    began() {
      begun.add(Date.now() / 1000, labels);
      // A count that is there and 0 says that it was kept; one that is not there says nothing.
      for (const limit of limits) beyond.add(0, { limit: limitKey(limit) });
    },
    ended() {
      ended.add(Date.now() / 1000);
    },
    answered(endpoint, phase, ms) {
      for (const limit of limits) {
        if (limit.endpoint !== null && limit.endpoint !== endpoint) continue;
        if (limit.phase !== null && limit.phase !== phase) continue;
        if (isBroken[limit.operator](ms, limit.ms)) beyond.add(1, { limit: limitKey(limit) });
      }
    },
    checked(check, passed, tags) {
      checks.add(1, { ...tags, check, passed: String(passed) });
    },
    judged(right, tags) {
      answers.add(1, { ...tags, right: String(right) });
    },
  };
}
