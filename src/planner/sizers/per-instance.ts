import { formatNumber, formatQuantity } from "../../model/unit.ts";
import type { DriverParams, InstancesParams } from "./instances-params.ts";
import { applyRule } from "./rule.ts";
import { isRefused, type Refused, type SizingContext } from "./sizer.ts";

export interface PerInstance {
  /** Demand that one instance serves, margin included. */
  readonly value: number;
  /** The same with nothing to spare: all of the limit in use, the middle of what was measured. */
  readonly bare: number;
  readonly source: "measured" | "inferred" | "documented";
  readonly why: readonly string[];
}

/** What one instance serves: measured, else inferred from history, else as documented. */
export function perInstance(
  driver: DriverParams,
  params: InstancesParams,
  context: SizingContext,
  isRate: boolean,
): PerInstance | Refused {
  if (driver.isMeasured && context.measured) return asMeasured(driver, context);
  if (driver.usage !== undefined && (driver.cores ?? driver.memory) !== undefined) {
    const inferred = asInferred(driver, params, context, isRate);
    if (!isRefused(inferred) || driver.documented === undefined) return inferred;
  }
  if (driver.documented === undefined)
    return { refused: `${driver.name}: neither a capacity.json, a usage signal nor a documented rule` };
  const value = 1 / applyRule({ ...driver.documented, atLeast: 0 }, 1);
  const least = Math.max(params.floor, driver.documented.atLeast);
  return {
    value,
    bare: value,
    source: "documented",
    why: [
      `${driver.name}: one instance per ${formatNumber(value)} of ${driver.demand} as documented, at least ${least}`,
    ],
  };
}

function asMeasured(driver: DriverParams, context: SizingContext): PerInstance {
  const { maxRatePerSecond, instances, limitedBy } = context.measured as NonNullable<
    SizingContext["measured"]
  >;
  const least = maxRatePerSecond.low / instances;
  const age = ageDays(context);
  return {
    value: least * driver.target,
    bare: (maxRatePerSecond.mid ?? maxRatePerSecond.low) / instances,
    source: "measured",
    why: [
      `${driver.name}: measured ${formatNumber(least)}/s per instance (low end${age > 0 ? `, ${age} days ago` : ""}; beyond it, ${limitedBy}), ${formatQuantity(driver.target, "ratio")} of it in use`,
    ],
  };
}

export const ageDays = ({ measured, asOfMs }: SizingContext): number =>
  measured === null ? 0 : Math.floor((asOfMs - Date.parse(measured.measuredAt)) / 86_400_000);

function asInferred(
  driver: DriverParams,
  params: InstancesParams,
  context: SizingContext,
  isRate: boolean,
): PerInstance | Refused {
  const { name, demand, target, usage = "", documented } = driver;
  const limit = (driver.cores ?? driver.memory) as number;
  const unit = driver.cores === undefined ? "bytes" : "cores";
  const percent = formatQuantity(target, "ratio");
  const said =
    documented === undefined ? "" : `; the operators say ${formatNumber(documented.each / documented.gives)}`;
  if (unit === "bytes" && params.observed !== undefined) {
    const fitted = context.idleFloor(usage, params.observed, demand);
    if (!isRefused(fitted)) {
      const left = limit * target - fitted.idle;
      if (!(left > 0))
        return {
          refused: `${name}: an idle instance takes ${formatQuantity(fitted.idle, "bytes")}, more than ${percent} of ${formatQuantity(limit, "bytes")}`,
        };
      return {
        value: left / fitted.each,
        bare: (limit - fitted.idle) / fitted.each,
        source: "inferred",
        why: [
          `${name}: ${formatQuantity(fitted.idle, "bytes")} of an idle instance and ${formatQuantity(fitted.each, "bytes")} for one of ${demand}; ${formatQuantity(limit, "bytes")} per instance, ${percent} in use: ${formatNumber(left / fitted.each)} per instance${said}`,
        ],
      };
    }
  }
  const cost = context.serviceDemand(usage, demand);
  if (isRefused(cost)) return { refused: `${name}: ${cost.refused}` };
  const value = (limit * target) / cost.value;
  const each = (amount: number) =>
    unit === "bytes"
      ? formatQuantity(amount, "bytes")
      : isRate
        ? `${formatNumber(amount * 1000)} ms of CPU`
        : formatQuantity(amount, "cores");
  const shift = cost.shift ?? null;
  const change =
    shift === null ? "" : `${shift.factor > 1 ? "+" : ""}${((shift.factor - 1) * 100).toFixed(0)}%`;
  return {
    value,
    bare: limit / cost.value,
    source: "inferred",
    why: [
      `${name}: ${each(cost.value)} for one of ${demand} in the busiest quarter of the history (${each(cost.low)} to ${each(cost.high)}), ${formatQuantity(limit, unit)} per instance, ${percent} in use: ${formatNumber(value)} per instance${said}`,
      ...(shift === null
        ? []
        : [
            `the cost of one of ${demand} changed on ${shift.day} (${change}): only what came after it counts`,
          ]),
    ],
  };
}
