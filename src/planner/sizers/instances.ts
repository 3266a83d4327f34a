import { z } from "zod";
import type { Latent, Margin } from "../../model/plan.ts";
import { formatNumber, formatQuantity } from "../../model/unit.ts";
import { dayName } from "../demand/busy-hour.ts";
import { Amounts, containerOf } from "./container.ts";
import { Nodes, nodeBound, placementOf, surge } from "./instance-growth.ts";
import { bytes, cores, name, share, whole } from "./params.ts";
import { ageDays, perInstance } from "./per-instance.ts";
import { operatorsRuleOf, Rule } from "./rule.ts";
import {
  type Driver,
  defineSizer,
  type GrowthBound,
  isRefused,
  type Refused,
  type SizingContext,
} from "./sizer.ts";

const DriverParams = z
  .strictObject({
    name: z.string().min(1).describe("What is short when this driver leads: CPU, memory, concurrency."),
    demand: name.describe("Signal that is served."),
    usage: name
      .optional()
      .describe("Signal of what serving it uses, of all instances together, in cores or bytes."),
    cores: cores.optional().describe("Cores of one instance; with a usage in cores."),
    memory: bytes.optional().describe("Memory of one instance; with a usage in bytes."),
    target: share.default(0.7).describe("Share of an instance that may be in use in the busy hour."),
    isMeasured: z.boolean().default(false).describe("capacity.json, where given, stands for this driver."),
    documented: Rule.optional().describe("The operators' rule: the last resort, and shown beside."),
  })
  .refine(({ cores, memory }) => cores === undefined || memory === undefined, {
    message: "a driver is of cores or of memory: write a driver for each",
  });
export type DriverParams = z.infer<typeof DriverParams>;

const Params = z
  .strictObject({
    current: whole,
    observed: name.optional().describe("Signal of how many run, to hold `current` against."),
    floor: whole.default(1).describe("Never fewer."),
    ceiling: whole
      .optional()
      .describe("Most the autoscaler may start; left out where instances are started by hand."),
    spare: z
      .number()
      .int()
      .nonnegative()
      .max(1000)
      .default(1)
      .describe("Instances that may fail at once: N + spare."),
    zones: whole
      .optional()
      .describe("Instead of spare: the rest must serve all when one of these zones is lost."),
    spread: whole
      .optional()
      .describe("Zones that they are spread over; what the loss of one leaves is told, and buys nothing."),
    requests: Amounts.optional().describe("What one container asks for (Kubernetes requests)."),
    limits: Amounts.optional().describe("What one container may take (Kubernetes limits)."),
    memory: name.optional().describe("Signal of the fullest instance's memory, for its request and limit."),
    surge: surge.optional(),
    nodes: Nodes.optional(),
    quota: whole.optional().describe("Most instances that an account, region or namespace allows."),
    drivers: z.array(DriverParams).min(1),
  })
  .refine(({ floor, ceiling }) => ceiling === undefined || floor <= ceiling, {
    path: ["floor"],
    message: "floor is above ceiling: lower the one or raise the other",
  })
  .refine(({ current, ceiling }) => ceiling === undefined || current <= ceiling, {
    path: ["current"],
    message: "more run than the ceiling allows: correct the one or the other",
  })
  .refine(
    ({ requests, limits }) =>
      (requests?.cpu ?? 0) <= (limits?.cpu ?? Number.POSITIVE_INFINITY) &&
      (requests?.memory ?? 0) <= (limits?.memory ?? Number.POSITIVE_INFINITY),
    { path: ["requests"], message: "a request is above its limit: Kubernetes refuses it" },
  );
export type InstancesParams = z.infer<typeof Params>;

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

/** How far it grows by itself: the autoscaler's maximum, as far as nodes, quota and database let it. */
function growthOf(
  params: InstancesParams,
  context: SizingContext,
): { most: number; why: string[] } | undefined {
  const { ceiling, current } = params;
  if (ceiling === undefined) return undefined;
  const bounds = boundsOf(params, context).filter(({ most }) => most < ceiling);
  const most = Math.max(current, Math.min(ceiling, ...bounds.map((bound) => bound.most)));
  return {
    most,
    why: bounds.map(
      (bound) =>
        `the autoscaler may start ${ceiling}; ${bound.why}: at most ${Math.max(0, bound.most)} can run, so that ${most} count`,
    ),
  };
}

function boundsOf(params: InstancesParams, context: SizingContext): Omit<GrowthBound, "resource">[] {
  const { nodes, requests, quota } = params;
  const byNodes = nodeBound(nodes, requests, params.surge, context.catalogue);
  return [
    ...(byNodes === null ? [] : [byNodes]),
    ...(quota === undefined ? [] : [{ most: quota, why: `the quota is ${quota}` }]),
    ...context.bounds,
  ];
}

/** What is left when the fullest zone is lost: told, where it is not planned for. */
function zoneLoss({ spread, zones, spare }: InstancesParams, chosen: number): Latent[] {
  if (spread === undefined || zones !== undefined || spread < 2) return [];
  const left = chosen - Math.ceil(chosen / spread);
  const needed = chosen - spare;
  if (left >= needed) return [];
  const enough = withRedundancy(needed, { spare: 0, zones: spread });
  return [
    {
      what: `when one of ${spread} zones is lost, ${left} of ${chosen} instances are left, ${needed} are needed`,
      need: enough,
      cures: [
        `wait for ${needed - left} more to start in the other zones`,
        `run ${enough}, so that the others suffice at once (\`zones: ${spread}\` in the profile)`,
      ],
    },
  ];
}

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

function toDriver(driver: DriverParams, params: InstancesParams, context: SizingContext): Driver | Refused {
  const path = context.demand(driver.demand);
  if (isRefused(path)) return { refused: `${driver.name}: ${path.refused}` };
  const isRate = path.unit === "per-second";
  const one = perInstance(driver, params, context, isRate);
  if (isRefused(one)) return one;
  const redundancy =
    params.zones === undefined
      ? `${params.spare} more, so that ${params.spare === 1 ? "one" : params.spare} may fail`
      : `enough that the loss of one of ${params.zones} zones leaves as many`;
  const base = (level: number) => Math.max(1, Math.ceil(level / one.value - 1e-9));
  const need = (level: number) => Math.max(params.floor, withRedundancy(base(level), params));
  return {
    name: driver.name,
    levels: path,
    need,
    evidence: one.source === "documented" ? "rule" : "measured",
    capacity: {
      value: one.value,
      unit: `${driver.demand}${isRate ? "/s" : ""} per instance`,
      source: one.source,
    },
    why: [...one.why, `redundancy: ${redundancy}`],
    margins: (level): Margin[] => [
      {
        name:
          one.source === "measured"
            ? "low end and target of the capacity"
            : `${formatQuantity(driver.target, "ratio")} in use`,
        factor: one.bare / one.value,
      },
      { name: "whole instances", factor: (base(level) * one.value) / level },
      {
        name: params.zones === undefined ? `${params.spare} to spare` : "a zone to spare",
        factor: withRedundancy(base(level), params) / base(level),
      },
      { name: `never fewer than ${params.floor}`, factor: need(level) / withRedundancy(base(level), params) },
    ],
  };
}

/** N + spare, or the fewest that leave N when the fullest zone is lost. */
export function withRedundancy(
  base: number,
  { spare, zones }: Pick<InstancesParams, "spare" | "zones">,
): number {
  if (zones === undefined || zones === 1) return base + (zones === 1 ? 0 : spare);
  let count = base;
  while (count - Math.ceil(count / zones) < base) count++;
  return count;
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
