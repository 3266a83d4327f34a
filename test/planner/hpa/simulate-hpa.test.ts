import { describe, expect, it } from "vitest";
import { fitTarget } from "../../../src/planner/hpa/fit-target.ts";
import {
  type Autoscaler,
  DEFAULT_DOWN,
  DEFAULT_UP,
  desiredReplicas,
  simulateHpa,
} from "../../../src/planner/hpa/simulate-hpa.ts";

const autoscaler = (given: Partial<Autoscaler> = {}): Autoscaler => ({
  min: 1,
  max: 100,
  target: 0.5,
  request: 0.2,
  up: DEFAULT_UP,
  down: DEFAULT_DOWN,
  ...given,
});

describe("what the autoscaler asks for", () => {
  // Kubernetes' documentation: 200m of a target of 100m doubles, 50m halves.
  it.each([
    ["twice the target doubles", 4, 0.8, 8],
    ["half of it halves", 4, 0.2, 2],
    ["a third more is rounded up", 3, 0.4, 4],
    ["within a tenth nothing changes", 10, 1.1, 10],
    ["just above a tenth it does", 10, 1.11, 12],
    ["a tenth below nothing changes either", 10, 0.9, 10],
  ])("%s", (_, current, usage, expected) => {
    expect(desiredReplicas(current, usage, autoscaler())).toBe(expected);
  });

  it("stays within its bounds", () => {
    expect(desiredReplicas(4, 10, autoscaler({ max: 9 }))).toBe(9);
    expect(desiredReplicas(4, 0.01, autoscaler({ min: 3 }))).toBe(3);
  });

  it("of a limit instead of a request asks for as many times more", () => {
    // The plan divides by a limit of one core, the autoscaler by a request of a quarter.
    const byRequest = autoscaler({ target: 0.7, request: 0.25 });
    expect(desiredReplicas(3, 2.32, byRequest)).toBe(14);
    expect(desiredReplicas(3, 2.32, { ...byRequest, request: 1 })).toBe(4);
  });
});

describe("a simulated autoscaler", () => {
  const usage = [...new Array(10).fill(0.1), ...new Array(60).fill(1), ...new Array(120).fill(0.1)];

  it("by default doubles or adds four in 15 s, and waits five minutes before it takes away", () => {
    const replicas = simulateHpa(usage, 15, autoscaler());
    expect(replicas.slice(9, 12)).toEqual([1, 5, 10]);
    expect(replicas[69 + 20]).toBe(10);
    expect(replicas[69 + 21]).toBe(1);
  });

  it("adds two at a time and takes one in ten minutes where its behaviour says so", () => {
    const replicas = simulateHpa(
      usage,
      15,
      autoscaler({
        up: { pods: 2, share: null, periodSeconds: 60, stabilizationSeconds: 0 },
        down: { pods: 1, share: null, periodSeconds: 600, stabilizationSeconds: 600 },
      }),
    );
    expect(replicas[10]).toBe(3);
    expect(replicas[13]).toBe(3);
    expect(replicas[14]).toBe(5);
    expect(Math.max(...replicas)).toBe(10);
    expect(replicas.at(-1)).toBe(8);
  });
});

describe("a fitted target", () => {
  it("asks for what is wanted from any number below it, up to ten", () => {
    for (let replicas = 2; replicas <= 10; replicas++)
      for (const [usage, request] of [
        [3.19, 0.25],
        [9.36, 1],
        [0.7, 2],
        [17, 0.1],
      ] as const) {
        const { percent, isExact } = fitTarget(usage, request, replicas);
        const fitted = autoscaler({ target: percent / 100, request });
        if (isExact)
          for (let from = 1; from <= replicas; from++)
            expect(simulateHpa(new Array(40).fill(usage), 15, fitted, from).at(-1)).toBe(replicas);
        // Whole percents are coarse where a pod uses a few of its request.
        else expect(replicas > 8 || percent < 10).toBe(true);
      }
  });

  it("says where the tolerance keeps it short", () => {
    expect(fitTarget(10, 1, 12).isExact).toBe(false);
  });
});
