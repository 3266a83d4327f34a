import type { PlanComparison } from "../model/comparison.ts";
import type { DemandSeries, ForecastDemand } from "../model/forecast-demand.ts";
import { dayAfter, isForecast, isSized, type Plan } from "../model/plan.ts";
import type { SizingLine } from "../model/sizing-line.ts";
import { average } from "./effect.ts";

/** Two plans of one system; the older one's forecast is scored against what the newer one has seen. Pure. */
export function comparePlans(older: Plan, newer: Plan): PlanComparison {
  const signals = [...new Set([...older.demands, ...newer.demands].map(({ signal }) => signal))];
  const resources = [...new Set([...older.sizing, ...newer.sizing].map(({ resource }) => resource))];
  return {
    schema: "headroom/plan-comparison@1",
    system: newer.system,
    older: { asOf: older.asOf, horizonDays: older.horizonDays },
    newer: { asOf: newer.asOf, horizonDays: newer.horizonDays },
    demands: signals.map((signal) => {
      const [before, now] = [demandOf(older, signal), demandOf(newer, signal)];
      return {
        signal,
        unit: now?.unit ?? before?.unit ?? "number",
        ...score(seriesOf(older, signal), seriesOf(newer, signal)),
        now: { older: before?.now ?? null, newer: now?.now ?? null },
        p90: { older: before?.atHorizon.p90 ?? null, newer: now?.atHorizon.p90 ?? null },
      };
    }),
    resources: resources.map((resource) => {
      const [before, now] = [lineOf(older, resource), lineOf(newer, resource)];
      const likely = (line: SizingLine | undefined) => line?.runsOut?.likely ?? line?.runsOut?.early ?? null;
      return {
        resource,
        unit: now?.unit ?? before?.unit ?? "",
        current: { older: before?.current ?? null, newer: now?.current ?? null },
        recommended: { older: before?.recommended ?? null, newer: now?.recommended ?? null },
        runsOut: { older: likely(before), newer: likely(now) },
      };
    }),
  };
}

const demandOf = ({ demands }: Plan, signal: string): ForecastDemand | undefined =>
  demands.filter(isForecast).find((demand) => demand.signal === signal);
const lineOf = ({ sizing }: Plan, resource: string): SizingLine | undefined =>
  sizing.filter(isSized).find((line) => line.resource === resource);
const seriesOf = ({ series }: Plan, signal: string): DemandSeries | undefined =>
  series.find((one) => one.signal === signal);

function score(foreseen: DemandSeries | undefined, came: DemandSeries | undefined) {
  const seen = new Map(
    (came?.seen ?? []).map((value, index) => [dayAfter(came?.firstDay ?? "", index), value]),
  );
  const days = (foreseen?.p50 ?? []).flatMap((p50, index) => {
    const value = seen.get(dayAfter(foreseen?.firstDay ?? "", index)) ?? null;
    const [p10, p90] = [foreseen?.p10[index] ?? null, foreseen?.p90[index] ?? null];
    return p50 === null || p10 === null || p90 === null || value === null || value === 0
      ? []
      : [{ error: (p50 - value) / value, isInside: value >= p10 && value <= p90 }];
  });
  if (days.length === 0) return { days: 0, error: null, bias: null, inside80: null };
  return {
    days: days.length,
    error: average(days.map(({ error }) => Math.abs(error))),
    bias: average(days.map(({ error }) => error)),
    inside80: average(days.map(({ isInside }) => (isInside ? 1 : 0))),
  };
}
