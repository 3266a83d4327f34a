import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/model/problem.ts";
import {
  checkProfile,
  loadCatalogue,
  loadProfile,
  parseProfile,
} from "../../src/planner/profile/load-profile.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { parseYaml, readYaml } from "../../src/systems/read-yaml.ts";
import { problemsOf } from "../problems-of.ts";

const files = (format: string, kind: "good" | "bad") =>
  readdirSync(join("test/fixtures", format, kind)).map((name) => join("test/fixtures", format, kind, name));
const LOADERS: Record<string, (file: string) => unknown> = {
  profiles: (file) => parseProfile(readYaml(file, file), file),
  catalogues: (file) => loadCatalogue(file, file),
};
const cases = (kind: "good" | "bad") =>
  Object.entries(LOADERS).flatMap(([format, load]) =>
    files(format, kind).map((file): [string, typeof load] => [file, load]),
  );

describe("profiles", () => {
  it.each([...listSystems("."), "template"].map((name) => [name]))("%s has a sound one", (name) => {
    expect(checkProfile(".", name)).toEqual([]);
    expect(loadProfile(".", name).sizing.length).toBeGreaterThan(0);
  });

  it.each(cases("good"))("%s is understood", (file, load) => {
    expect(problemsOf(() => load(file))).toEqual([]);
  });

  it.each(cases("bad"))("%s is refused, each problem with its line and a remedy", (file, load) => {
    const problems = problemsOf(() => load(file));
    const told = problems.map(
      ({ line, path, message }) => `${line ?? 0} ${path ? `${path} ` : ""}${message}`,
    );
    const expected = [...readFileSync(file, "utf8").matchAll(/^# expect: (.*)$/gm)].map(
      (match) => match[1] as string,
    );
    expect(expected.length).toBeGreaterThan(0);
    for (const start of expected) expect(told).toContainEqual(expect.stringContaining(start));
    for (const { remedy } of problems) expect(remedy.length).toBeGreaterThan(5);
  });

  it("a catalogue that is none says so", () => {
    expect(problemsOf(() => loadCatalogue("package.json", "package.json")).length).toBeGreaterThan(2);
    const text = "schema: headroom/catalogue@1\nasOf: soon\nsource: a page\nclasses: []\n";
    expect(() => parseProfile(parseYaml(text, "x"), "x")).toThrow(InputError);
  });
});
