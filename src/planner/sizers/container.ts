import { quantileSorted } from "simple-statistics";
import type { Container } from "../../model/sizing-line.ts";
import { formatQuantity, GIB } from "../../model/unit.ts";
import type { InstancesParams } from "./instances-params.ts";
import type { SizingContext } from "./sizer.ts";

/** krr, simple strategy: CPU requests are the 95th percentile of use, memory the highest plus 15%. */
const CPU_QUANTILE = 0.95;
const MEMORY_MARGIN = 1.15;
const CPU_STEP = 0.01;
const MEMORY_STEP = GIB / 16;
const LEAST_POINTS = 48;

/** Requests and limits of one container as its use suggests; null where the profile does not give today's. */
export function containerOf(params: InstancesParams, context: SizingContext): Container | null {
  const { requests, limits, memory: memorySignal } = params;
  if (requests === undefined && limits === undefined) return null;
  const cpu = cpuOf(params, context);
  const highest = memorySignal === undefined ? null : highestOf(context.points(memorySignal));
  const memory = highest === null ? null : roundUp(highest * MEMORY_MARGIN, MEMORY_STEP);
  const shown = (amount: number | undefined | null, unit: "cores" | "bytes") =>
    amount === undefined || amount === null ? "not set" : formatQuantity(amount, unit);
  return {
    requests: amounts(requests),
    limits: amounts(limits),
    recommended: {
      requests: { cpuCores: cpu, memoryBytes: memory },
      // A CPU limit throttles what would be free; what is set is kept, because instances are sized by it.
      limits: { cpuCores: limits?.cpu ?? null, memoryBytes: memory },
    },
    why: [
      cpu === null
        ? "CPU request: no signal of its use"
        : `CPU request ${shown(requests?.cpu, "cores")} → ${shown(cpu, "cores")}: the 95th percentile of an instance's use`,
      highest === null
        ? "memory request and limit: no signal of the fullest instance"
        : `memory request ${shown(requests?.memory, "bytes")} and limit ${shown(limits?.memory, "bytes")} → ${shown(memory, "bytes")} both: the highest ${shown(highest, "bytes")} and 15%`,
    ],
  };
}

const amounts = (given: { cpu?: number | undefined; memory?: number | undefined } | undefined) => ({
  cpuCores: given?.cpu ?? null,
  memoryBytes: given?.memory ?? null,
});

const roundUp = (value: number, step: number) => Math.ceil(value / step - 1e-9) * step;

function cpuOf({ drivers, observed, current }: InstancesParams, context: SizingContext): number | null {
  const signal = drivers.find(({ cores: limit, usage }) => limit !== undefined && usage !== undefined)?.usage;
  if (signal === undefined) return null;
  const counts = observed === undefined ? [] : context.points(observed);
  const each = context.points(signal).flatMap((used, index) => {
    const count = observed === undefined ? current : (counts[index] ?? null);
    return used === null || count === null || count <= 0 ? [] : [used / count];
  });
  if (each.length < LEAST_POINTS) return null;
  each.sort((a, b) => a - b);
  return roundUp(quantileSorted(each, CPU_QUANTILE), CPU_STEP);
}

function highestOf(points: readonly (number | null)[]): number | null {
  const known = points.filter((value) => value !== null);
  return known.length < LEAST_POINTS ? null : known.reduce((most, value) => Math.max(most, value), 0);
}
