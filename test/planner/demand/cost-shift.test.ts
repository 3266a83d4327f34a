import { describe, expect, it } from "vitest";
import { currentCost } from "../../../src/planner/demand/cost-shift.ts";
import { fitIdleFloor } from "../../../src/planner/demand/idle-floor.ts";
import { seededRandom } from "../../../src/stats/random.ts";

const HOUR = 3_600_000;
const DAY = 24;
const days = 60;
const grid = (values: (number | null)[]) => ({ startMs: 0, stepMs: HOUR, values });
const demand = Array.from({ length: days * DAY }, (_, hour) => 200 + 150 * Math.sin((hour / 12) * Math.PI));

describe("what a request costs", () => {
  it.each([10, 20, 40])("after a deployment %i days ago that doubled it is the doubled", (ago) => {
    const random = seededRandom(ago);
    const usage = demand.map(
      (level, hour) => level * (hour < (days - ago) * DAY ? 0.0107 : 0.0202) * (0.98 + 0.04 * random()),
    );
    const cost = currentCost(grid(usage), grid(demand));
    if ("refused" in cost) throw new Error(cost.refused);
    // 4 cores at 70%: 139/s an instance, not the 262/s of before.
    expect((4 * 0.7) / cost.value).toBeGreaterThan(136);
    expect((4 * 0.7) / cost.value).toBeLessThan(142);
    expect(cost.shift?.factor).toBeCloseTo(1.89, 1);
    expect(cost.shift?.day).toBe(new Date((days - ago) * DAY * HOUR).toISOString().slice(0, 10));
  });

  it("that is steady, whatever the load does, has no change", () => {
    const random = seededRandom(1);
    const usage = demand.map((level) => level * 0.02 * (0.9 + 0.2 * random()));
    expect(currentCost(grid(usage), grid(demand))).toMatchObject({
      shift: null,
      value: expect.closeTo(0.02, 3),
    });
  });
});

describe("memory with an idle floor", () => {
  const count = demand.map((_, hour) => (hour % DAY < 8 ? 2 : 4));

  it("is told from what a task adds", () => {
    const random = seededRandom(2);
    const usage = demand.map(
      (level, hour) => (count[hour] as number) * 500 + level * 3 + 20 * (random() - 0.5),
    );
    const fitted = fitIdleFloor(usage, count, demand);
    expect(fitted).toEqual({ idle: expect.closeTo(500, -1), each: expect.closeTo(3, 1) });
  });

  it("is refused where nothing tells it", () => {
    const flat = demand.map(() => 100);
    const noise = seededRandom(3);
    expect(
      fitIdleFloor(
        flat,
        demand.map(() => 3),
        flat,
      ),
    ).toHaveProperty("refused");
    expect(
      fitIdleFloor(
        demand.map(() => 1000 * noise()),
        count,
        demand,
      ),
    ).toHaveProperty("refused");
    expect(fitIdleFloor(demand.slice(0, 9), count, demand)).toHaveProperty("refused");
  });
});
