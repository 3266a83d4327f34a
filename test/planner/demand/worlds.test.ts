import { expect, it } from "vitest";
import { heldOverWorlds, meanOf } from "./worlds.ts";

it("holds what came about as often as it says, over all worlds together", { timeout: 120_000 }, () => {
  const held = heldOverWorlds(4);
  for (const month of [0, 1, 2]) {
    const share = meanOf(held.map(({ months }) => months[month] as number));
    expect(share, `month ${month + 1}`).toBeGreaterThan(0.72);
    expect(share, `month ${month + 1}`).toBeLessThan(0.95);
  }
});
