import { expect, it } from "vitest";
import { heldOverWorlds, meanOf } from "./worlds.ts";

it("holds what came, over all worlds together and 200 seeds", { timeout: 1_800_000 }, () => {
  const held = heldOverWorlds(200);
  console.table(held.map(({ world, months, above, refused }) => ({ world, ...months, above, refused })));
  for (const month of [0, 1, 2]) {
    const share = meanOf(held.map(({ months }) => months[month] as number));
    expect(share, `month ${month + 1}`).toBeGreaterThan(0.76);
    expect(share, `month ${month + 1}`).toBeLessThan(0.92);
  }
  expect(meanOf(held.map(({ above }) => above))).toBeLessThan(0.13);
});
