import { timesPerIteration } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";
import { type LoadPlan, plannedIterations } from "../../scenarios/lib/load.ts";
import type { Draw } from "./draw.ts";
import { quantileOf } from "./truth.ts";
import type { Service, World } from "./world.ts";

interface About {
  readonly journey: Journey;
  readonly plan: LoadPlan;
  readonly services: World["services"];
  readonly engine: World["engine"];
}
type Entry = { readonly id: string } & Readonly<Record<string, string | number | object>>;
type Maker = (about: About, draw: Draw) => Entry | null;

const RATIOS = [0.001, 0.01, 0.01, 0.02, 0.05, 0.05, 0.1, 0.1];

/** Mostly a limit that so many requests can show. */
function ratioFor(requests: number, draw: Draw): number {
  const shown = RATIOS.filter((limit) => requests * limit > 4.5);
  return draw.pick(draw.chance(0.9) && shown.length > 0 ? shown : RATIOS);
}

const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(3))}%`;

/** Requests that the load asks for, of an endpoint or of all; of a closed load about as many as it is made for. */
function requestsOf({ journey, plan }: About, endpoint: string | null): number {
  const all = plan.model === "open" ? plannedIterations(plan) * plan.requestsPerIteration : 500;
  const times = timesPerIteration(journey);
  const own = endpoint === null ? null : times[journey.steps.findIndex((step) => step.endpoint === endpoint)];
  return (all * (own ?? plan.requestsPerIteration)) / plan.requestsPerIteration;
}

const errorsOfAll: Maker = (about, draw) => ({
  id: "errors",
  metric: "http_req_failed",
  ...(draw.chance(0.3) ? phaseOf(about.plan, draw) : {}),
  stat: "rate",
  [draw.pick(["max", "below"])]: percent(ratioFor(requestsOf(about, null) * 0.7, draw)),
});

const errorsOfOne: Maker = (about, draw) => {
  const endpoint = endpointOf(about, draw);
  const limit = ratioFor(requestsOf(about, endpoint), draw);
  return { id: "errors-of-one", metric: "http_req_failed", endpoint, stat: "rate", max: percent(limit) };
};

const checks: Maker = (about, draw) => ({
  id: "checks",
  metric: "checks",
  stat: "rate",
  [draw.pick(["min", "above"])]: percent(1 - ratioFor(requestsOf(about, null), draw)),
});

const checkOfOne: Maker = (about, draw) => {
  const { endpoint, expect, checks: own } = draw.pick(about.journey.steps);
  const name = own && draw.chance(0.5) ? "is right" : `status is ${(expect ?? [200]).join(" or ")}`;
  return {
    id: "check-of-one",
    metric: "checks",
    tags: { check: `${endpoint}: ${name}` },
    stat: "rate",
    min: percent(1 - ratioFor(requestsOf(about, endpoint), draw)),
  };
};

const latency: Maker = (about, draw) => {
  const endpoint = draw.chance(0.5) ? endpointOf(about, draw) : null;
  const requests = requestsOf(about, endpoint) * 0.7;
  const all = [0.5, 0.9, 0.95, 0.95, 0.95, 0.99];
  const shown = all.filter((one) => requests * (1 - one) > 4.5);
  const q = draw.pick(draw.chance(0.9) && shown.length > 0 ? shown : all);
  const limit = limitOf(about, endpoint, q, draw);
  return {
    id: `p${q * 100}${endpoint === null ? "" : "-of-one"}`,
    metric: draw.chance(0.9)
      ? "http_req_duration"
      : about.engine === "k6"
        ? "http_req_waiting"
        : "http_req_duration",
    ...(endpoint === null ? {} : { endpoint }),
    ...(draw.chance(0.5) ? phaseOf(about.plan, draw) : {}),
    stat: `p${q * 100}`,
    [draw.pick(["max", "below"])]: `${limit}ms`,
  };
};

const worst: Maker = (about, draw) => ({
  id: "worst",
  metric: "http_req_duration",
  stat: "max",
  max: `${limitOf(about, null, 1, draw)}ms`,
});

/** A rate that the load offers, or should. */
const throughput: Maker = ({ plan }, draw) =>
  plan.model === "closed"
    ? null
    : {
        id: "throughput",
        metric: "http_reqs",
        phase: "steady",
        stat: "rate",
        min: `${Number((levelOf(plan) * draw.pick([0.5, 0.8, 0.8, 3])).toPrecision(3))}/s`,
      };

/** What nothing can break, or nothing can meet, as people write it by mistake. */
const senseless: Maker = (about, draw) =>
  draw.pick<Entry>([
    { id: "senseless", metric: "http_req_failed", stat: "rate", max: "100%" },
    { id: "senseless", metric: "checks", stat: "rate", min: "0%" },
    { id: "senseless", metric: "http_req_failed", endpoint: "nowhere", stat: "rate", max: "1%" },
    { id: "senseless", metric: "http_req_duration", phase: "recovery", stat: "p95", max: "10s" },
    { id: "senseless", metric: "http_req_duration", tags: { region: "moon" }, stat: "p95", max: "10s" },
    { id: "senseless", metric: "http_reqs", endpoint: endpointOf(about, draw), stat: "count", min: 0 },
  ]);

const MAKERS: readonly (readonly [Maker, number])[] = [
  [errorsOfAll, 0.65],
  [errorsOfOne, 0.3],
  [checks, 0.3],
  [checkOfOne, 0.15],
  [latency, 0.8],
  [latency, 0.3],
  [worst, 0.08],
  [throughput, 0.15],
  [senseless, 0.04],
];

/** A thresholds file for a system, limits near and far from what its endpoints do. */
export function makeThresholds(about: About, draw: Draw): string {
  const made = MAKERS.flatMap(([maker, likely]) => {
    const entry = draw.chance(likely) ? maker(about, draw) : null;
    return entry === null ? [] : [entry];
  });
  const entries = (made.length === 0 ? [errorsOfAll(about, draw) as Entry] : made).map((entry, at) => ({
    ...entry,
    id: `${entry.id}-${at + 1}`,
    severity: draw.chance(0.9) ? "gate" : "warn",
    why: "It is simulated.",
  }));
  return JSON.stringify({ schema: "headroom/thresholds@1", system: "simulated", client: entries });
}

const endpointOf = ({ journey }: About, draw: Draw) => draw.pick(journey.steps).endpoint;

const phaseOf = ({ stages }: LoadPlan, draw: Draw) => ({
  phase: draw.chance(0.9) ? "steady" : draw.pick(stages).phase,
});

const levelOf = ({ stages }: LoadPlan) =>
  Math.min(...stages.filter(({ phase }) => phase === "steady").map(({ target }) => target));

/** Mostly well above what a healthy target does, sometimes near it, sometimes below. */
function limitOf({ services, journey }: About, endpoint: string | null, q: number, draw: Draw): number {
  const all = journey.steps.map((step) => services[step.endpoint] as Service);
  const one = endpoint === null ? null : (services[endpoint] as Service);
  const usual = Math.max(...(one === null ? all : [one]).map((service) => quantileOf(service, q)));
  const roll = draw.uniform();
  const factor =
    roll < 0.75 ? draw.between(1.5, 5) : roll < 0.9 ? draw.between(0.8, 1.3) : draw.between(0.1, 0.7);
  return Math.max(1, Number((usual * factor).toPrecision(3)));
}
