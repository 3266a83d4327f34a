import { createRequire } from "node:module";
import autocannon from "autocannon";
import { build as buildHistogram, type Histogram } from "hdr-histogram-js";
import { isRateLimited } from "../../scenarios/lib/answers.ts";
import { SelfWatch } from "../engines/self-watch.ts";
import { exhaustedKind } from "../model/own-errors.ts";
import type { Stress } from "../model/stress.ts";
import { onAnswerHead } from "./client.ts";

export interface StressOrder {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly connections: number;
  readonly pipelining: number;
  /** Threads; 0: none of its own. */
  readonly workers: number;
  /** The name that the certificate is asked for, where the URL has an address in its place. */
  readonly servername?: string;
  readonly rate: number | null;
  readonly durationMs: number;
  readonly signal: AbortSignal;
  /** Every second: what the last one saw. */
  readonly onSecond: (second: StressSecond) => void;
}

export interface StressSecond {
  readonly elapsedMs: number;
  readonly requests: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly failed: number;
  /** Answers so far by status. */
  readonly statuses: ReadonlyMap<number, number>;
}

const US = 1000;
const LONGEST_US = 3_600_000_000;
const histogram = () =>
  buildHistogram({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
  });

/**
 * Loads one URL through autocannon. Latencies are kept in microseconds here, because autocannon's own histogram has
 * whole milliseconds, and corrected here where a rate is given: autocannon takes a millisecond for the expected
 * interval whatever the rate (lib/run.js), which adds a sample for every millisecond of every wait. With worker threads
 * only its own histogram is to be had: whole milliseconds, uncorrected.
 */
export async function runStress(order: StressOrder): Promise<Stress> {
  const { url, method, headers, body, connections, pipelining, workers, rate, durationMs } = order;
  const startedAt = new Date();
  const startMs = performance.now();
  const recorder = new Recorder(rate === null ? null : connections / rate);
  const perSecond: number[] = [];
  let rateLimited = 0;
  const watch = new SelfWatch(startMs);
  const looking = setInterval(() => watch.look(performance.now()), 1000);
  const exhausted = new Map<string, number>();
  const done = new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        method: method as autocannon.Request["method"] & string,
        headers: { ...headers },
        ...(body === null ? {} : { body }),
        connections,
        pipelining,
        duration: durationMs / 1000,
        ...(workers > 0
          ? {}
          : {
              setupClient: (client: unknown) =>
                onAnswerHead(client, (status, header) => {
                  if (isRateLimited(status, header)) rateLimited++;
                }),
            }),
        ...(rate === null ? {} : { overallRate: rate, ignoreCoordinatedOmission: true }),
        ...(workers > 0 ? { workers } : {}),
        ...(order.servername === undefined ? {} : { servername: order.servername }),
      } as autocannon.Options,
      (error: Error | null, result: autocannon.Result) => (error ? reject(error) : resolve(result)),
    );
    if (workers === 0)
      instance.on("response", (_client: unknown, status: number, _bytes: number, ms: number) =>
        recorder.answer(status, ms),
      );
    const ticking = instance as unknown as NodeJS.EventEmitter & { stop(): void };
    ticking.on("tick", ({ counter }: { counter: number }) => {
      if (performance.now() - startMs > durationMs) return; // the rest of a second after the end
      perSecond.push(counter);
      order.onSecond({ elapsedMs: performance.now() - startMs, requests: counter, ...recorder.second() });
    });
    ticking.on("reqError", ({ code }: NodeJS.ErrnoException) => {
      const kind = exhaustedKind(code);
      if (kind !== null) exhausted.set(kind, (exhausted.get(kind) ?? 0) + 1);
    });
    order.signal.addEventListener("abort", () => ticking.stop(), {
      once: true,
    });
  });
  const result = await done.finally(() => clearInterval(looking));
  const lengthMs = performance.now() - startMs;
  const answered = result["1xx"] + result["2xx"] + result["3xx"] + result["4xx"] + result["5xx"];
  const total = answered + result.errors;
  const failed = result["4xx"] + result["5xx"] + result.errors;
  return {
    schema: "headroom/stress@1",
    url,
    method,
    startedAt: startedAt.toISOString(),
    engine: { name: "autocannon", version: autocannonVersion() },
    connections,
    pipelining,
    workers,
    rate,
    durationMs: lengthMs,
    interrupted: order.signal.aborted,
    requests: {
      total,
      perSecond: answered / (Math.min(lengthMs, order.signal.aborted ? lengthMs : durationMs) / 1000),
      failedRatio: total === 0 ? 0 : failed / total,
    },
    bytesPerSecond: result.throughput.average,
    latency: workers === 0 ? recorder.latency() : latencyOf(result),
    statusCounts: workers === 0 ? recorder.statusCounts() : statusesOf(result),
    rateLimited: workers === 0 ? rateLimited : countOf(statusesOf(result), 429),
    generator: {
      // Each thread has a core of its own.
      cores: Math.max(1, workers) * watch.cores,
      cpu: watch.cpu.map((share) => share / Math.max(1, workers)),
      stalledMs: watch.stalledMs,
      exhausted: [...exhausted].map(([kind, count]) => ({ kind, count })),
    },
    errors: { connection: result.errors - result.timeouts, timeout: result.timeouts },
    perSecond,
  };
}

class Recorder {
  readonly #all = histogram();
  #second = histogram();
  #failed = 0;
  readonly #statuses = new Map<number, number>();
  readonly #expectedUs: number | null;

  /** @param expectedSeconds between the requests of one connection; null: as they come */
  constructor(expectedSeconds: number | null) {
    this.#expectedUs = expectedSeconds === null ? null : expectedSeconds * 1_000_000;
  }

  answer(status: number, ms: number): void {
    const us = Math.min(LONGEST_US, Math.max(1, Math.round(ms * US)));
    if (this.#expectedUs === null) this.#all.recordValue(us);
    else this.#all.recordValueWithExpectedInterval(us, this.#expectedUs);
    this.#second.recordValue(us);
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    if (status >= 400) this.#failed++;
  }

  second(): Pick<StressSecond, "p50Ms" | "p99Ms" | "failed" | "statuses"> {
    const last = this.#second;
    this.#second = histogram();
    const failed = this.#failed;
    this.#failed = 0;
    return { p50Ms: at(last, 50), p99Ms: at(last, 99), failed, statuses: this.#statuses };
  }

  latency(): Stress["latency"] {
    const all = this.#all;
    return {
      mean: all.totalCount === 0 ? null : all.mean / US,
      p50: at(all, 50),
      p90: at(all, 90),
      p95: at(all, 95),
      p99: at(all, 99),
      p999: at(all, 99.9),
      max: at(all, 100),
      resolutionMs: 0.001,
      correctedForCoordinatedOmission: this.#expectedUs !== null,
    };
  }

  statusCounts(): Stress["statusCounts"] {
    return [...this.#statuses].sort(([a], [b]) => a - b).map(([status, count]) => ({ status, count }));
  }
}

const at = (kept: Histogram, percentile: number): number | null =>
  kept.totalCount === 0 ? null : kept.getValueAtPercentile(percentile) / US;

/** autocannon's own percentiles; it keeps no p95, so that the next it has stands for it: never too low. */
function latencyOf({ latency }: autocannon.Result): Stress["latency"] {
  return {
    mean: latency.average,
    p50: latency.p50,
    p90: latency.p90,
    p95: latency.p97_5,
    p99: latency.p99,
    p999: latency.p99_9,
    max: latency.max,
    resolutionMs: 1,
    correctedForCoordinatedOmission: false,
  };
}

function statusesOf(result: autocannon.Result): Stress["statusCounts"] {
  const counts =
    (result as unknown as { statusCodeStats?: Record<string, { count: number }> }).statusCodeStats ?? {};
  return Object.entries(counts).map(([status, { count }]) => ({ status: Number(status), count }));
}

const countOf = (counts: Stress["statusCounts"], wanted: number) =>
  counts.find(({ status }) => status === wanted)?.count ?? 0;

function autocannonVersion(): string {
  return (createRequire(import.meta.url)("autocannon/package.json") as { version: string }).version;
}
