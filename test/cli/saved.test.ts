import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readSavedRun } from "../../src/cli/baselines.ts";
import { findMeasured, findPlan } from "../../src/cli/plan-inputs.ts";
import { Capacity } from "../../src/model/capacity.ts";
import { canonicalRun } from "../canonical.ts";
import { canonicalPlan } from "../canonical-plan.ts";

let reports: string;
beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "headroom-"));
  vi.stubEnv("HEADROOM_REPORTS", reports);
});
afterEach(() => vi.unstubAllEnvs());

const write = (path: string, text: string) => {
  const file = join(reports, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const capacity = Capacity.parse(JSON.parse(readFileSync("test/fixtures/capacity.json", "utf8")));
const { system } = capacity;
const measuredAt = (day: string, settled = true) =>
  JSON.stringify({ ...capacity, measuredAt: `2026-${day}T00:00:00.000Z`, settled });

describe("what earlier commands saved", () => {
  it("gives the newest settled capacity, past files that are cut short, empty, or something else", () => {
    expect(findMeasured(undefined, system)).toBeNull();
    write(`${system}/a/capacity.json`, measuredAt("03-01"));
    write(`${system}/b/capacity.json`, measuredAt("02-01"));
    write(`${system}/c/capacity.json`, measuredAt("04-01", false));
    write(`${system}/d/capacity.json`, measuredAt("05-01").slice(0, 100));
    write(`${system}/e/capacity.json`, "");
    write(`${system}/f/capacity.json`, '{"schema":"headroom/capacity@9"}');
    write(`${system}/g/capacity.json/file`, "a folder");
    write(`${system}/h/other.json`, measuredAt("06-01"));
    expect(findMeasured(undefined, system)?.capacity.measuredAt).toBe("2026-03-01T00:00:00.000Z");
    expect(findMeasured("none", system)).toBeNull();
  });

  it("gives the newest plan that is as is wanted, past what is none", () => {
    const plan = canonicalPlan();
    write(`${plan.system}/a/plan.json`, JSON.stringify({ ...plan, asOf: "2026-03-01T00:00:00.000Z" }));
    write(`${plan.system}/b/plan.json`, JSON.stringify({ ...plan, asOf: "2026-02-01T00:00:00.000Z" }));
    write(`${plan.system}/c/plan.json`, "{");
    expect(findPlan(plan.system)?.plan.asOf).toBe("2026-03-01T00:00:00.000Z");
    expect(findPlan(plan.system, ({ asOf }) => asOf < "2026-03")?.plan.asOf).toBe("2026-02-01T00:00:00.000Z");
    expect(findPlan(plan.system, () => false)).toBeNull();
  });

  it("knows a run whose thresholds and comparison can still be read", () => {
    const run = canonicalRun();
    const runAs = (name: string, text: string, comparison?: string) => {
      write(`shop/${name}/run.json`, text);
      if (comparison !== undefined) write(`shop/${name}/comparison.json`, comparison);
      return readSavedRun(join(reports, "shop", name, "run.json"));
    };
    expect(runAs("whole", JSON.stringify(run))?.id).toBe(run.id);
    expect(runAs("cut", JSON.stringify(run).slice(0, -9))).toBeNull();
    expect(runAs("compared", JSON.stringify(run), "{")).toBeNull();
    const older = {
      ...run,
      thresholds: { file: "thresholds/shop.yaml", text: "schema: headroom/thresholds@0" },
    };
    expect(runAs("older", JSON.stringify(older))).toBeNull();
  });

  it("takes a file in the folder's place for nothing", () => {
    write(system, "a file");
    expect(findMeasured(undefined, system)).toBeNull();
    expect(findPlan(system)).toBeNull();
  });
});
