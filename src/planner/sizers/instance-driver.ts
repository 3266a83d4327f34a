import type { Margin } from "../../model/sizing-line.ts";
import { formatQuantity } from "../../model/unit.ts";
import type { DriverParams, InstancesParams } from "./instances-params.ts";
import { perInstance } from "./per-instance.ts";
import { withRedundancy } from "./redundancy.ts";
import { type Driver, isRefused, type Refused, type SizingContext } from "./sizer.ts";

/** What serving one demand asks of instances: levels, the need of a level, and the margins in it. */
export function toDriver(
  driver: DriverParams,
  params: InstancesParams,
  context: SizingContext,
): Driver | Refused {
  // Memory breaks at once, at a day's highest point; CPU that is short makes a queue, which the busiest hour's mean tells of.
  const path = driver.memory === undefined ? context.demand(driver.demand) : context.highest(driver.demand);
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
