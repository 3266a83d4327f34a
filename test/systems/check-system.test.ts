import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSystem } from "../../src/systems/check-system.ts";
import { listSystems, TEMPLATE } from "../../src/systems/list-systems.ts";
import { loadJourney, loadShape, planFor } from "../../src/systems/load-scenario.ts";
import { writeSystem } from "../../src/systems/scaffold.ts";
import { SHAPES } from "../../src/systems/shapes.ts";

describe("the shipped systems", () => {
  it.each([...listSystems("."), TEMPLATE].map((system) => [system]))("%s has no problems", async (system) =>
    expect(await checkSystem(".", system)).toEqual([]),
  );

  it("pynomaly's average is the operators' own 23-minute test", async () => {
    const load = await loadShape(".", "pynomaly", "average");
    expect(load.model).toBe("closed");
    expect(load.stages.map(({ duration, target }) => `${duration} ${target}`)).toEqual([
      "2m 100",
      "5m 100",
      "2m 200",
      "5m 200",
      "2m 300",
      "5m 300",
      "2m 0",
    ]);
    const plan = planFor(await loadJourney(".", "pynomaly"), load, {}, "average.ts");
    expect(plan.totalMs).toBe(23 * 60_000);
  });
});

describe("checkSystem", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "headroom-check-"));
    writeSystem(root, "shop");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const edit = (file: string, from: string | RegExp, to: string) => {
    const path = join(root, file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(path, after);
  };
  const told = async () =>
    (await checkSystem(root, "shop")).map(
      ({ file, line, path, message }) => `${file}:${line ?? ""} ${path ?? ""} ${message}`,
    );

  it("finds nothing wrong with a new system, all shapes included", async () => {
    expect(await told()).toEqual([]);
    expect(SHAPES).toHaveLength(6);
  });

  it("reports problems of several files at once", async () => {
    edit("thresholds/shop.yaml", "max: 300ms", "max: 300");
    edit("scenarios/shop/smoke.ts", '"30s"', '"soon"');
    edit("scenarios/shop/journey.ts", 'path: "/health"', 'path: "health"');
    const problems = await told();
    expect(problems).toContainEqual(
      expect.stringMatching(/thresholds\/shop\.yaml:\d+ client\[1\]\.max 300 is not a limit/),
    );
    expect(problems).toContainEqual(expect.stringMatching(/smoke\.ts.*soon/));
    expect(problems).toContainEqual(expect.stringMatching(/journey\.ts: steps\[0\]\.path/));
  });

  it("a syntax error names its line", async () => {
    edit("scenarios/shop/journey.ts", "steps: [", "steps: [[");
    expect(await told()).toEqual([
      expect.stringMatching(/scenarios\/shop\/journey\.ts:\d+ column \d+ Unexpected/),
    ]);
  });

  it.each<[string, string, string | RegExp, string, RegExp]>([
    [
      "a criterion on an endpoint the journey lacks",
      "thresholds/shop.yaml",
      "phase: steady",
      "phase: steady\n    endpoint: serch",
      /no endpoint "serch"/,
    ],
    [
      "a path whose placeholder nothing fills",
      "scenarios/shop/journey.ts",
      "{item}",
      "{itm}",
      /nothing sets \{itm\}/,
    ],
    [
      "an endpoint named twice",
      "scenarios/shop/journey.ts",
      '"items"',
      '"health"',
      /"health" is named twice/,
    ],
    ["a testbed of another endpoint", "scenarios/shop/testbed.ts", "health:", "helth:", /no such endpoint/],
    [
      "an unknown key of a step",
      "scenarios/shop/journey.ts",
      "share: 0.1",
      "weight: 0.1",
      /unknown key "weight"/,
    ],
    ["a shape that exports no load", "scenarios/shop/soak.ts", "export const load", "const load", /missing/],
  ])("finds %s", async (_, file, from, to, message) => {
    edit(file, from, to);
    expect((await told()).join("\n")).toMatch(message);
  });

  it("a missing file is one problem, not an end", async () => {
    rmSync(join(root, "scenarios/shop/spike.ts"));
    expect(await told()).toEqual([expect.stringMatching(/spike\.ts: {2}no such file/)]);
  });

  it("an unfinished scaffold leaves nothing behind", () => {
    cpSync(join(root, "thresholds/shop.yaml"), join(root, "thresholds/other.yaml"));
    expect(() => writeSystem(root, "other")).toThrow(/exists already/);
    expect(listSystems(root)).toEqual(["other", "shop"]);
    expect(() => writeSystem(root, "../evil")).toThrow(/no name for a system/);
  });
});
