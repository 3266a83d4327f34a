import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { listSystems } from "../src/systems/list-systems.ts";

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file));

/** `src/gate` → the folders it may import from, itself always. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "src/model": ["scenarios/lib"],
  "src/stats": ["src/model"],
  "src/prometheus": ["src/model"],
  "src/systems": ["src/model", "src/prometheus", "scenarios/lib"],
  "src/engines": ["src/model", "src/prometheus", "src/systems", "scenarios/lib"],
  "src/comparison": ["src/model", "src/stats", "scenarios/lib"],
  "src/export": ["src/model", "src/engines", "scenarios/lib"],
  "src/gate": ["src/model", "src/stats", "src/prometheus", "scenarios/lib"],
  "src/capacity": ["src/model", "src/stats", "scenarios/lib"],
  "src/stress": ["src/model", "src/engines", "scenarios/lib"],
  "src/planner": ["src/model", "src/stats", "src/prometheus", "src/systems", "scenarios/lib"],
  "src/reporters": ["src/model"],
  "src/testbed": ["src/model", "src/stats", "scenarios/lib"],
  "src/cli": ["src", "scenarios/lib"],
};

const folderOf = (file: string) => file.split("/").slice(0, 2).join("/");

function importsOf(file: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found].map((match) => normalize(join(dirname(file), match[1] as string)));
}

describe("architecture", () => {
  it.each(files("src").map((file) => [file]))("%s imports only downwards", (file) => {
    const from = folderOf(file);
    const allowed = MAY_IMPORT[from];
    expect(allowed, `${from} is not in the list of layers`).toBeDefined();
    for (const imported of importsOf(file)) {
      const to = folderOf(imported);
      expect(
        to === from || allowed?.some((layer) => imported.startsWith(layer)),
        `${file} imports ${imported}`,
      ).toBe(true);
    }
  });

  it("scenarios/lib imports nothing but itself and k6", () => {
    for (const file of files("scenarios/lib")) {
      const all = [...readFileSync(file, "utf8").matchAll(/from "([^"]+)"/g)].map(
        (match) => match[1] as string,
      );
      for (const imported of all)
        expect(imported, relative(".", file)).toMatch(/^(\.\/[\w-]+\.ts|k6(\/\w+)?)$/);
    }
  });

  it("nothing in src names a system", () => {
    const names = new RegExp(`\\b(${listSystems(".").join("|")})\\b`);
    const naming = files("src").filter((file) => names.test(readFileSync(file, "utf8")));
    expect(naming).toEqual([]);
  });

  it("only the CLI sets exit codes and talks to stdout", () => {
    const speaking = files("src").filter(
      (file) =>
        !file.startsWith("src/cli") &&
        /process\.(exit|exitCode|stdout)|console\./.test(readFileSync(file, "utf8")),
    );
    expect(speaking).toEqual([]);
  });

  it("only the CLI, the scaffold, setup k6 and the loader of modules write files", () => {
    const writing = files("src").filter((file) =>
      /\b(writeFile|mkdir|rename|copyFile|createWriteStream|appendFile)(Sync)?\(/.test(
        readFileSync(file, "utf8"),
      ),
    );
    expect(writing.filter((file) => !file.startsWith("src/cli/")).sort()).toEqual([
      "src/engines/k6/setup-k6.ts",
      "src/systems/load-module.ts",
      "src/systems/make-folders.ts",
      "src/systems/scaffold.ts",
    ]);
  });

  it("every dependency has its reason in docs/architecture.md, and none is there without use", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const [, section = ""] = readFileSync("docs/architecture.md", "utf8").split("## Dependencies");
    const table = section.split("\n").filter((line) => line.startsWith("|"));
    const justified = [...table.join("\n").matchAll(/`([@\w/-]+)`/g)].map((match) => match[1]);
    const imported = files("src").flatMap((file) =>
      [
        ...readFileSync(file, "utf8").matchAll(
          /(?:from |import |import\.meta\.url\)\()"((?:@[\w-]+\/)?[\w-]+)[^"]*"/g,
        ),
      ].map((match) => match[1] as string),
    );
    const packages = imported.filter((name) => name in { ...dependencies, ...devDependencies });
    // What the official PromQL grammar asks its user to install.
    const peers = ["@lezer/common", "@lezer/highlight", "@lezer/lr"];
    expect(justified.sort()).toEqual([...new Set([...packages, ...peers])].sort());
  });

  it("no package downloads anything when it is installed", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const installing = Object.entries<{ hasInstallScript?: boolean }>(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path);
    // esbuild's only checks the binary that came as a package; fsevents is for macOS.
    expect(installing.filter((path) => !/(^|\/)node_modules\/(esbuild|fsevents)$/.test(path))).toEqual([]);
  });

  it("no shell runs anything", () => {
    const shells = files("src").filter((file) =>
      /shell: true|import \{[^}]*\bexec(Sync)?\b[^}]*\} from "node:child_process"|\bexecaCommand/.test(
        readFileSync(file, "utf8"),
      ),
    );
    expect(shells).toEqual([]);
  });
});
