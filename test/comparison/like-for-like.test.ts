import { describe, expect, it } from "vitest";
import { describeDifference, differencesBetween } from "../../src/comparison/like-for-like.ts";
import { canonicalRun } from "../canonical.ts";

const run = canonicalRun();
const load = run.asked.load as NonNullable<typeof run.asked.load>;

describe("like for like", () => {
  it("is one run and another at another time and target", () => {
    const other = { ...run, asked: { ...run.asked, target: "https://other.test" } };
    expect(differencesBetween(run, other)).toEqual([]);
  });

  it.each([
    ["system", { ...run, system: "other" }, "load"],
    ["scenario", { ...run, asked: { ...run.asked, scenario: "spike" } }, "load"],
    ["engine", { ...run, engine: { name: "autocannon", version: "9" } }, "load"],
    ["engine version", { ...run, engine: { name: "k6", version: "2.3.0" } }, "machine"],
    ["generator's cores", { ...run, environment: { ...run.environment, cpuCores: 8 } }, "machine"],
    ["generator's processor", { ...run, environment: { ...run.environment, cpuModel: "other" } }, "machine"],
  ])("is not with another %s", (what, other, kind) => {
    expect(differencesBetween(run, other).map(({ what, kind }) => ({ what, kind }))).toContainEqual({
      what,
      kind,
    });
  });

  it("names the loads a person would have to make equal", () => {
    const [first] = differencesBetween(run, {
      ...run,
      asked: {
        ...run.asked,
        load: { ...load, stages: load.stages.map((stage) => ({ ...stage, target: stage.target / 2 })) },
      },
    });
    expect(first && describeDifference(first)).toBe(
      "load: open: warm-up 0→100/s in 10 s, steady 100→100/s in 50 s then, open: warm-up 0→50/s in 10 s, steady 100→50/s in 50 s now",
    );
  });
});
