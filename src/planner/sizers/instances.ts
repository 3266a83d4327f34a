import { z } from "zod";
import { formatNumber, formatQuantity } from "../../model/unit.ts";
import { dayName } from "../demand/busy-hour.ts";
import { bytes, cores, name, share, whole } from "./params.ts";
import { applyRule, operatorsRuleOf, Rule } from "./rule.ts";
import { type Driver, defineSizer, isRefused, type Refused, type SizingContext } from "./sizer.ts";

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

const Params = z
  .strictObject({
    current: whole,
    observed: name.optional().describe("Signal of how many run, to hold `current` against."),
    floor: whole.default(1).describe("Never fewer."),
    ceiling: whole.optional().describe("Most the autoscaler may start."),
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
    drivers: z.array(DriverParams).min(1),
  })
  .refine(({ floor, ceiling }) => ceiling === undefined || floor <= ceiling, {
    path: ["floor"],
    message: "floor is above ceiling: lower the one or raise the other",
  })
  .refine(({ current, ceiling }) => ceiling === undefined || current <= ceiling, {
    path: ["current"],
    message: "more run than the ceiling allows: correct the one or the other",
  });

type Params = z.infer<typeof Params>;
type DriverParams = z.infer<typeof DriverParams>;

interface PerInstance {
  readonly value: number;
  readonly source: "measured" | "inferred" | "documented";
  readonly why: string;
}

/** API instances: the greatest of what CPU, memory or concurrency asks for, with redundancy. */
export const instances = defineSizer<Params>({
  describes:
    "API instances from measured capacity, service demand or the operators' rule, with N+1 or zone loss",
  params: Params,
  reads: ({ drivers, observed }) => ({
    signals: [observed, ...drivers.flatMap(({ demand, usage }) => [demand, usage])].filter(
      (one) => one !== undefined,
    ),
    units: drivers.flatMap(({ usage, cores, memory }) => [
      ...(cores === undefined ? [] : [{ signal: usage, unit: "cores" as const }]),
      ...(memory === undefined ? [] : [{ signal: usage, unit: "bytes" as const }]),
    ]),
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
    return {
      unit: "instances",
      current: params.current,
      growsTo: params.ceiling,
      drivers: [first, ...rest],
      choose: (need) => ({ value: Math.max(params.floor, Math.ceil(need)), name: null }),
      why: params.drivers.flatMap((driver) => crossing(driver, params, context)),
      warn: (need) => warnings(params, need, context),
      operatorsRule:
        ruled?.documented && path && !isRefused(path)
          ? operatorsRuleOf(ruled.documented, path.operators, ruled.demand)
          : null,
    };
  },
});

/** A service that has changed for so long is another one. */
const STALE_DAYS = 90;

const ageDays = ({ measured, asOfMs }: SizingContext) =>
  measured === null ? 0 : Math.floor((asOfMs - Date.parse(measured.measuredAt)) / 86_400_000);

/** When the demand passes what today's instances were measured to take, with nothing to spare. */
function crossing(
  { demand, isMeasured }: DriverParams,
  { current }: Params,
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

function warnings(
  { ceiling, current, observed, drivers }: Params,
  need: number,
  context: SizingContext,
): string[] {
  const { measured } = context;
  const seen = observed === undefined ? null : context.recent(observed);
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

function toDriver(driver: DriverParams, params: Params, context: SizingContext): Driver | Refused {
  const path = context.demand(driver.demand);
  if (isRefused(path)) return { refused: `${driver.name}: ${path.refused}` };
  const isRate = path.unit === "per-second";
  const one = perInstance(driver, params, context, isRate);
  if (isRefused(one)) return one;
  const redundancy =
    params.zones === undefined
      ? `${params.spare} more, so that ${params.spare === 1 ? "one" : params.spare} may fail`
      : `enough that the loss of one of ${params.zones} zones leaves as many`;
  return {
    name: driver.name,
    levels: path,
    need: (level) => withRedundancy(Math.max(params.floor, Math.ceil(level / one.value)), params),
    capacity: {
      value: one.value,
      unit: `${driver.demand}${isRate ? "/s" : ""} per instance`,
      source: one.source,
    },
    why: [one.why, `redundancy: ${redundancy}`],
  };
}

/** N + spare, or the fewest that leave N when the fullest zone is lost. */
export function withRedundancy(base: number, { spare, zones }: Pick<Params, "spare" | "zones">): number {
  if (zones === undefined || zones === 1) return base + (zones === 1 ? 0 : spare);
  let count = base;
  while (count - Math.ceil(count / zones) < base) count++;
  return count;
}

/** What one instance serves: measured, else inferred from history, else as documented. */
function perInstance(
  driver: DriverParams,
  params: Params,
  context: SizingContext,
  isRate: boolean,
): PerInstance | Refused {
  const percent = formatQuantity(driver.target, "ratio");
  if (driver.isMeasured && context.measured) {
    const { maxRatePerSecond, instances: measuredOn, limitedBy } = context.measured;
    const least = maxRatePerSecond.low / measuredOn;
    return {
      value: least * driver.target,
      source: "measured",
      why: `${driver.name}: measured ${formatNumber(least)}/s per instance (low end${ageDays(context) > 0 ? `, ${ageDays(context)} days ago` : ""}; beyond it, ${limitedBy}), ${percent} of it in use`,
    };
  }
  const limit = driver.cores ?? driver.memory;
  if (driver.usage !== undefined && limit !== undefined) {
    const cost = context.serviceDemand(driver.usage, driver.demand);
    if (!isRefused(cost)) {
      const value = (limit * driver.target) / cost.value;
      const unit = driver.cores === undefined ? "bytes" : "cores";
      const each = (amount: number) =>
        unit === "bytes"
          ? formatQuantity(amount, "bytes")
          : isRate
            ? `${formatNumber(amount * 1000)} ms of CPU`
            : formatQuantity(amount, "cores");
      const documented = driver.documented && driver.documented.each / driver.documented.gives;
      return {
        value,
        source: "inferred",
        why: `${driver.name}: ${each(cost.value)} for one of ${driver.demand} in the busiest quarter of the history (${each(cost.low)} to ${each(cost.high)}), ${formatQuantity(limit, unit)} per instance, ${percent} in use: ${formatNumber(value)} per instance${documented === undefined ? "" : `; the operators say ${formatNumber(documented)}`}`,
      };
    }
    if (driver.documented === undefined) return { refused: `${driver.name}: ${cost.refused}` };
  }
  if (driver.documented === undefined)
    return { refused: `${driver.name}: neither a capacity.json, a usage signal nor a documented rule` };
  const value = 1 / applyRule({ ...driver.documented, atLeast: 0 }, 1);
  const { floor } = params;
  return {
    value,
    source: "documented",
    why: `${driver.name}: one instance per ${formatNumber(value)} of ${driver.demand} as documented, at least ${Math.max(floor, driver.documented.atLeast)}`,
  };
}
