/**
 * The vocabulary of a testbed: how long each endpoint of a journey takes, what it answers, and which metrics the
 * system exports. Read by `headroom testbed` only; k6 never sees it.
 */

export interface TestbedRequest {
  /** Parsed JSON or the fields of a form, or undefined. */
  readonly body: unknown;
  /** Values of the path's `{placeholders}`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface TestbedAnswer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Service time is log-normal: half the answers take the median, one in twenty longer than p95. */
export interface TestbedEndpoint {
  readonly medianMs: number;
  readonly p95Ms: number;
  /** Default: `{}` with status 200. */
  readonly answer?: (request: TestbedRequest) => TestbedAnswer;
}

/** What the metrics of the stand-in are made of. */
export interface TestbedState {
  readonly workers: number;
  readonly busyWorkers: number;
  readonly queued: number;
  readonly inFlight: number;
  /** Seconds workers have been busy since the start. */
  readonly busySeconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly uptimeSeconds: number;
}

type Labels = Readonly<Record<string, string>>;

/** `requests` counts answers and `durations` times them (seconds), by the labels in `by`; others read the state. */
export type TestbedMetric =
  | {
      readonly name: string;
      readonly type: "requests";
      readonly labels?: Labels;
      readonly by?: readonly ("status" | "method" | "endpoint")[];
    }
  | {
      readonly name: string;
      readonly type: "durations";
      readonly labels?: Labels;
      readonly by?: readonly ("status" | "method" | "endpoint")[];
    }
  | {
      readonly name: string;
      readonly type: "gauge" | "counter";
      readonly labels?: Labels;
      readonly value: (state: TestbedState) => number;
    };

/**
 * One metric of a made-up past. `traffic` metrics are `idle + level × traffic`, traffic being 1 in the busy hour of the
 * first days: a counter's rate per second, or a gauge's value. `time` metrics grow straight from `level`.
 */
export type PastMetric = {
  readonly name: string;
  readonly labels?: Labels;
  /** Series of it, told apart by the label `instance`, each at the level. Default: 1. */
  readonly replicas?: number;
  readonly level: number;
} & (
  | { readonly follows: "traffic"; readonly type: "counter" | "gauge"; readonly idle?: number }
  | { readonly follows: "time"; readonly type: "gauge"; readonly growth: number }
);

/** What Prometheus would have seen of the system: the generated history's truth. */
export interface Past {
  /** Relative growth of the traffic in 90 days, along a straight line. */
  readonly growth: number;
  readonly metrics: readonly PastMetric[];
}

export interface Testbed {
  /** Requests served at once; the rest wait in a queue. */
  readonly workers: number;
  /** Requests that may wait before the next is refused with 503. Default: 1000. */
  readonly queueLimit?: number;
  /** By endpoint name of the journey; one that is missing takes 20 ms (p95 60 ms) and answers `{}`. */
  readonly endpoints: Readonly<Record<string, TestbedEndpoint>>;
  readonly metrics?: readonly TestbedMetric[];
  /** For `testbed --write-history`. */
  readonly past?: Past;
  /** Where the system serves its metrics beside /metrics. */
  readonly metricsPath?: string;
}
