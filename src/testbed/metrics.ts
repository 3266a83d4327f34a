import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { TestbedMetric, TestbedState } from "../../scenarios/lib/testbed.ts";

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 5, 10, 30];

export interface Answered {
  readonly endpoint: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** The system's own metrics over what the testbed does. */
export function exportMetrics(metrics: readonly TestbedMetric[], state: () => TestbedState) {
  const registry = new Registry();
  const byName = new Map<string, TestbedMetric[]>();
  for (const metric of metrics) byName.set(metric.name, [...(byName.get(metric.name) ?? []), metric]);
  const observers = [...byName.values()].flatMap((sameName) => register(sameName, registry, state));
  return {
    observe: (answered: Answered) => {
      for (const observe of observers) observe(answered);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

type Observed = Extract<TestbedMetric, { type: "requests" | "durations" }>;
type Read = Extract<TestbedMetric, { type: "gauge" | "counter" }>;

/** Entries of one name are the series of one metric. */
function register(
  entries: readonly TestbedMetric[],
  registry: Registry,
  state: () => TestbedState,
): ((answered: Answered) => void)[] {
  const name = entries[0]?.name ?? "";
  const observed = entries.filter(
    (entry): entry is Observed => entry.type === "requests" || entry.type === "durations",
  );
  const read = entries.filter((entry): entry is Read => entry.type === "gauge" || entry.type === "counter");
  const labelNames = [
    ...new Set(
      entries.flatMap((entry) => [
        ...Object.keys(entry.labels ?? {}),
        ...("by" in entry ? (entry.by ?? []) : []),
      ]),
    ),
  ];
  const base = { name, help: name, labelNames, registers: [registry] };
  if (read.length > 0) readState(base, read, state);
  return observed.map((entry) => {
    const labels = (answered: Answered) => ({
      ...entry.labels,
      ...Object.fromEntries((entry.by ?? []).map((label) => [label, String(answered[label])])),
    });
    if (entry.type === "requests") {
      const counter = new Counter(base);
      return (answered) => counter.inc(labels(answered));
    }
    const histogram = new Histogram({ ...base, buckets: BUCKETS_SECONDS });
    return (answered) => histogram.observe(labels(answered), answered.seconds);
  });
}

/** Metrics that are worked out when they are scraped. */
function readState(
  base: { name: string; help: string; labelNames: string[]; registers: Registry[] },
  entries: readonly Read[],
  state: () => TestbedState,
): void {
  if (entries[0]?.type === "gauge") {
    new Gauge({
      ...base,
      collect() {
        for (const entry of entries) this.set({ ...entry.labels }, entry.value(state()));
      },
    });
    return;
  }
  new Counter({
    ...base,
    collect() {
      this.reset();
      for (const entry of entries) this.inc({ ...entry.labels }, entry.value(state()));
    },
  });
}
