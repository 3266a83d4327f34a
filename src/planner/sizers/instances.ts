import { formatNumber } from "../../model/unit.ts";
import { dayName } from "../demand/busy-hour.ts";
import { containerOf } from "./container.ts";
import { growthOf, zoneLoss } from "./instance-bounds.ts";
import { toDriver } from "./instance-driver.ts";
import { placementOf } from "./instance-growth.ts";
import { type DriverParams, type InstancesParams, Params } from "./instances-params.ts";
import { ageDays } from "./per-instance.ts";
import { operatorsRuleOf } from "./rule.ts";
import { type Driver, defineSizer, isRefused, type SizingContext } from "./sizer.ts";

/** API instances: the greatest of what CPU, memory or concurrency asks for, with redundancy. */
export const instances = defineSizer<InstancesParams>({
  describes:
    "API instances from measured capacity, service demand or the operators' rule, with N+1 or zone loss",
  params: Params,
  reads: ({ drivers, observed, memory }) => ({
    signals: [observed, memory, ...drivers.flatMap(({ demand, usage }) => [demand, usage])].filter(
      (one) => one !== undefined,
    ),
    units: [
      { signal: memory, unit: "bytes" as const },
      ...drivers.flatMap(({ usage, cores, memory }) => [
        ...(cores === undefined ? [] : [{ signal: usage, unit: "cores" as const }]),
        ...(memory === undefined ? [] : [{ signal: usage, unit: "bytes" as const }]),
      ]),
    ],
  }),
  rehearses: ({ drivers }) => drivers.find(({ isMeasured }) => isMeasured)?.demand ?? null,
  size(params, context) {
    const made = params.drivers.map((driver) => toDriver(driver, params, context));
    const drivers = made.filter((one): one is Driver => !isRefused(one));
    const refused = made.filter(isRefused);
    const [first, ...rest] = drivers;
    // A driver that cannot be sized might be the one that leads: without it there is no answer.
    if (first === undefined || refused.length > 0)
      return { refused: refused.map((one) => one.refused).join("; ") };
    const ruled = params.drivers.find(({ documented }) => documented !== undefined);
    const path = ruled && context.demand(ruled.demand);
    const growth = growthOf(params, context);
    return {
      unit: "instances",
      current: params.current,
      growsTo: growth?.most,
      drivers: [first, ...rest],
      choose: (need) => ({ value: Math.max(params.floor, Math.ceil(need)), name: null }),
      why: [...(growth?.why ?? []), ...params.drivers.flatMap((driver) => crossing(driver, params, context))],
      warn: (need) => warnings(params, need, context),
      latent: (need) => zoneLoss(params, Math.max(params.floor, Math.ceil(need))),
      container: containerOf(params, context),
      maximum: params.ceiling,
      placement: (chosen) => placementOf(params, context.catalogue, chosen),
      usage: usageOf(params, context),
      operatorsRule:
        ruled?.documented && path && !isRefused(path)
          ? operatorsRuleOf(ruled.documented, path.operators, ruled.demand)
          : null,
    };
  },
});

/** A service that has changed for so long is another one. */
const STALE_DAYS = 90;

/** When the demand passes what today's instances were measured to take, with nothing to spare. */
function crossing(
  { demand, isMeasured }: DriverParams,
  { current }: InstancesParams,
  context: SizingContext,
): string[] {
  const path = context.demand(demand);
  if (!isMeasured || context.measured === null || isRefused(path)) return [];
  const { maxRatePerSecond, instances: measuredOn } = context.measured;
  const fleet = (maxRatePerSecond.low / measuredOn) * current;
  const day = (levels: Float64Array) => {
    const step = levels.findIndex((level) => level > fleet);
    return step < 0 ? null : dayName(path.firstDay + step);
  };
  const [likely, early] = [day(path.p50), day(path.p90)];
  const when =
    early === null
      ? "the forecast does not pass that within the horizon"
      : `the forecast passes that on ${likely ?? "no day at p50"}, at p90 on ${early}`;
  return [
    `today's ${current} instances take ${formatNumber(fleet)}/s as measured, with nothing to spare: ${when}`,
  ];
}

function warnings(params: InstancesParams, need: number, context: SizingContext): string[] {
  const { ceiling, current, observed, drivers } = params;
  const { measured } = context;
  const seen = observed === undefined || context.isWhatIf ? null : context.recent(observed);
  return [
    ...(ceiling !== undefined && need > ceiling
      ? [
          `the autoscaler stops at ${ceiling} instances, ${Math.ceil(need)} are needed: raise its maximum or take larger instances`,
        ]
      : []),
    ...(measured !== null && drivers.some(({ isMeasured }) => isMeasured) && ageDays(context) > STALE_DAYS
      ? [
          `the capacity was measured ${ageDays(context)} days ago, on ${measured.measuredAt.slice(0, 10)}: measure it again`,
        ]
      : []),
    ...(seen !== null && Math.round(seen) !== current
      ? [
          `the profile says ${current} instances run, the last week shows ${formatNumber(seen)}: correct \`current\``,
        ]
      : []),
  ];
}

/** What all instances together use now and at p90 of the horizon, by the cost of a unit of demand. */
function usageOf({ drivers }: InstancesParams, context: SizingContext) {
  return drivers.flatMap(({ usage, demand, cores, memory }) => {
    const path = context.demand(demand);
    if (usage === undefined || isRefused(path) || (cores ?? memory) === undefined) return [];
    const cost = context.serviceDemand(usage, demand);
    if (isRefused(cost)) return [];
    const p90 = cost.value * (path.p90.at(-1) as number);
    const now = cost.value * (path.now ?? (path.p50[0] as number));
    return [
      {
        what: cores === undefined ? "memory" : "CPU",
        unit: cores === undefined ? "bytes" : "cores",
        now,
        p90,
      },
    ];
  });
}
