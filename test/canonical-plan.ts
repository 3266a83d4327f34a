import type { DemandSeries, ForecastDemand } from "../src/model/forecast-demand.ts";
import type { Plan } from "../src/model/plan.ts";
import type { SizingLine } from "../src/model/sizing-line.ts";

const line = (given: Partial<SizingLine>): SizingLine => ({
  resource: "api",
  unit: "instances",
  current: 3,
  currentName: null,
  growsTo: null,
  need: { p50: 5, p90: 6 },
  recommended: 6,
  recommendedName: null,
  change: 3,
  capacity: { value: 140, unit: "requests/s per instance", source: "inferred" },
  runsOut: { early: "2026-12-01", likely: "2026-12-20", late: null, isOpen: false },
  runsOutChance: given.runsOut === null ? 0.02 : 0.71,
  ifAgain: null,
  orderBy: "2026-11-17",
  ceilings: [{ signal: "requests", level: 420 }],
  bottleneck: "CPU",
  evidence: "forecast",
  margins: [
    { name: "p90 instead of the likely demand", factor: 1.09 },
    { name: "70% in use", factor: 1.43 },
    { name: "1 to spare", factor: 1.2 },
  ],
  latent: [],
  pool: null,
  maximum: null,
  placement: null,
  container: null,
  usage: [{ what: "CPU", unit: "cores", now: 2.1, p90: 3.4 }],
  why: [
    "CPU: 20 ms of CPU for one of requests",
    "redundancy: 1 more, so that one may fail",
    "Three replicas run",
  ],
  warnings: [],
  operatorsRule: { value: 3, formula: "max(2, ⌊requests / 500⌋)" },
  ...given,
});

const CONTAINER = {
  requests: { cpuCores: 0.5, memoryBytes: 1024 ** 3 },
  limits: { cpuCores: 1, memoryBytes: 2 * 1024 ** 3 },
  recommended: {
    requests: { cpuCores: 0.45, memoryBytes: 1.5 * 1024 ** 3 },
    limits: { cpuCores: 1, memoryBytes: 1.5 * 1024 ** 3 },
  },
  why: ["CPU request 0.5 cores → 0.45 cores: the 95th percentile of an instance's use"],
};

const requests: ForecastDemand = {
  signal: "requests",
  unit: "per-second",
  method: "Theil–Sen trend with weekly rhythm",
  backtest: {
    horizonDays: 30,
    origins: 4,
    mase: 0.81,
    coverage95: 0.958,
    coverage80: 0.79,
    beatsSeasonalNaive: true,
  },
  now: 412.3,
  growthPer30Days: 0.083,
  atHorizon: { p10: 560, p50: 610, p90: 665 },
  organic: { p10: 467, p50: 508, p90: 554 },
  added: [{ name: "growth", from: null, factor: 1.2 }],
  operatorsRule: { value: 441, formula: "least squares through all points, 90 days on" },
  highestSeen: 431,
  cautions: [
    "p90 at the horizon, 905/s, is 2.1 times the highest ever seen (431/s): the history is too unsteady for a narrower answer",
  ],
  lastTime: { madeOn: "2026-10-16", day: "2026-11-12", p10: 352, p50: 391, p90: 440, came: 412 },
  lastForecast: {
    firstDay: "2026-11-11",
    everyDays: 1,
    p10: [350, 352, 354, 356],
    p50: [390, 391, 393, 395],
    p90: [430, 440, 441, 442],
    came: [402, 412, null, 450],
  },
};

const SERIES: DemandSeries[] = [
  {
    signal: "requests",
    unit: "per-second",
    firstDay: "2026-11-14",
    seen: [401.5, null, 412.3, null],
    p10: [null, null, null, 400],
    p50: [null, null, null, 415],
    p90: [null, null, null, 431],
  },
];

/** One plan with everything in it; `text` stands wherever text from outside can. */
export function canonicalPlan(text = "the autoscaler stops at 5 instances"): Plan {
  return {
    schema: "headroom/plan@1",
    system: "shop",
    asOf: "2026-11-16T00:00:00.000Z",
    horizonDays: 90,
    leadTimeDays: 14,
    source: "http://127.0.0.1:9090/",
    tightest: "api",
    rehearsal: { signal: "requests", p50: 610, p90: 665 },
    dataQuality: [
      {
        signal: "requests",
        coverage: 0.9971,
        days: 90,
        gaps: 1,
        resets: 8,
        truncated: false,
        warnings: [text],
      },
      { signal: "agents", coverage: 0.31, days: 90, gaps: 12, resets: null, truncated: true, warnings: [] },
    ],
    demands: [
      requests,
      { signal: "agents", refused: "no coverage: 31% of the history is there, 50% is needed" },
    ],
    sizing: [
      line({ growsTo: 5, maximum: 5, warnings: [text], container: CONTAINER }),
      line({
        resource: "connections",
        unit: "connections",
        current: 200,
        need: { p50: 120, p90: 140 },
        recommended: 200,
        change: 0,
        capacity: { value: 157, unit: "connections of 200", source: "documented" },
        runsOut: null,
        orderBy: null,
        bottleneck: "connection pools",
        operatorsRule: null,
      }),
      line({
        resource: "database",
        unit: "vCPU",
        current: 2,
        currentName: "db.t3.large",
        need: { p50: 2.2, p90: 2.4 },
        recommended: 4,
        recommendedName: "db.r6g.xlarge",
        change: 2,
        runsOut: { early: "2027-01-10", likely: null, late: null, isOpen: true },
        runsOutChance: 0.23,
        ifAgain: { signal: "requests", day: "2026-09-04", change: 0.62, need: 3.9, holds: false },
        orderBy: "2026-12-27",
        operatorsRule: null,
      }),
      line({
        resource: "redis",
        unit: "GiB per node",
        current: 13.07,
        currentName: "3 × cache.r6g.large",
        need: { p50: 8.1, p90: 8.9 },
        recommended: 13.07,
        recommendedName: "3 × cache.r6g.large",
        change: 0,
        runsOut: null,
        orderBy: null,
        bottleneck: "memory",
        operatorsRule: null,
      }),
      { resource: "workers", refused: "agents: no coverage" },
    ],
    series: SERIES,
    assumptions: [
      {
        where: "signal agents",
        fields: ["query"],
        why: "The metric's name is assumed; nobody has published it.",
      },
    ],
  };
}

export function refusedPlan(): Plan {
  const plan = canonicalPlan();
  return {
    ...plan,
    tightest: null,
    sizing: plan.sizing.map(({ resource }) => ({ resource, refused: "no history" })),
  };
}
