import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { History } from "../../../src/model/history.ts";
import type { SizingLine } from "../../../src/model/sizing-line.ts";
import {
  type Autoscaler,
  DEFAULT_DOWN,
  DEFAULT_UP,
  type ScalingRule,
  simulateHpa,
} from "../../../src/planner/hpa/simulate-hpa.ts";
import { loadProfile } from "../../../src/planner/profile/load-profile.ts";
import { listSystems } from "../../../src/systems/list-systems.ts";
import { lineOf, shippedPlan } from "../shipped-plan.ts";

const STEP_SECONDS = 60;

interface Manifest {
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: { readonly resource: { readonly target: { readonly averageUtilization: number } } }[];
    readonly behavior?: Record<
      "scaleUp" | "scaleDown",
      | { stabilizationWindowSeconds?: number; policies: { value: number; periodSeconds: number }[] }
      | undefined
    >;
  };
}

/** The last seen day's shape, its busiest hour raised to what all instances use at p90 of the horizon. */
function forecastDay({ signals, stepSeconds }: History, demand: string, peak: number): number[] {
  const seen = signals.find(({ id }) => id === demand)?.values ?? [];
  const hours = seen.slice((-2 * 86_400) / stepSeconds).map((value) => value ?? 0);
  const highest = Math.max(...hours);
  const steps = stepSeconds / STEP_SECONDS;
  // Straight from hour to hour, and each held for its last half.
  return hours.flatMap((level, index) => {
    const before = hours[Math.max(0, index - 1)] as number;
    return Array.from({ length: steps }, (_, step) => {
      const part = Math.min(1, (2 * step) / steps);
      return (peak * (before + (level - before) * part)) / highest;
    });
  });
}

function autoscalerOf({ spec }: Manifest, line: SizingLine): Autoscaler {
  const rule = (key: "scaleUp" | "scaleDown", usual: ScalingRule): ScalingRule => {
    const given = spec.behavior?.[key];
    const [policy] = given?.policies ?? [];
    return policy === undefined
      ? usual
      : {
          pods: policy.value,
          share: null,
          periodSeconds: policy.periodSeconds,
          stabilizationSeconds: given?.stabilizationWindowSeconds ?? usual.stabilizationSeconds,
        };
  };
  const request = line.container?.requests.cpuCores ?? line.container?.recommended.requests.cpuCores ?? 0;
  return {
    min: spec.minReplicas,
    max: spec.maxReplicas,
    target: (spec.metrics[0]?.resource.target.averageUtilization ?? 0) / 100,
    request,
    up: rule("scaleUp", DEFAULT_UP),
    down: rule("scaleDown", DEFAULT_DOWN),
  };
}

const withAutoscaler = listSystems(".").filter((system) => loadProfile(".", system).emit.hpa !== undefined);

describe("the emitted autoscaler, applied to the day that is planned for", () => {
  it("is there for systems", () => expect(withAutoscaler.length).toBeGreaterThan(2));

  it.each(withAutoscaler)("%s runs as many as the plan says", (system) => {
    const shipped = shippedPlan(system);
    const { history, profile, files } = shipped;
    const text = files.hpa?.text ?? "";
    const manifest: Manifest = parse(text);
    expect(() => new HorizontalPodAutoscaler(parse(text)).validate()).not.toThrow();
    const line = lineOf(shipped, (profile.emit.hpa as { resource: string }).resource);
    const cpu = line.usage.find(({ what }) => what === "CPU");
    const demand = line.ceilings[0]?.signal ?? "";
    const autoscaler = autoscalerOf(manifest, line);
    const replicas = simulateHpa(
      forecastDay(history, demand, cpu?.p90 ?? 0),
      STEP_SECONDS,
      autoscaler,
      autoscaler.min,
    );
    expect(Math.max(...replicas)).toBe(line.recommended);
    expect(autoscaler.max).toBeGreaterThanOrEqual(line.recommended);
    // Today's busiest hour asks for no more than the plan's day.
    const today = simulateHpa(forecastDay(history, demand, cpu?.now ?? 0), STEP_SECONDS, autoscaler);
    expect(Math.max(...today)).toBeLessThanOrEqual(line.recommended);
  });
});
