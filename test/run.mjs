// `npm test`: installs what is missing, lints, type-checks, runs every test, and ends with one line of its own.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: "inherit" }).status === 0;
const bin = (name) => join(root, "node_modules", ".bin", name);

if (!run(process.execPath, [join(root, "test", "prepare.mjs")])) {
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const failedSteps = [
  ["lint", bin("biome"), ["check", "--error-on-warnings", "."]],
  ["types", bin("tsc"), ["--noEmit"]],
].filter(([name, command, args]) => {
  const ok = run(command, args);
  if (!ok) console.error(`${name} failed`);
  return !ok;
});

const folder = mkdtempSync(join(tmpdir(), "headroom-test-"));
const results = join(folder, "results.json");
const isGreen = run(bin("vitest"), [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
  ...process.argv.slice(2),
]);
const { passed, failed, skipped } = readResults(results);
rmSync(folder, { recursive: true, force: true });

if (skipped.length > 0) {
  console.log(
    `\n!!! ${skipped.length} tests were SKIPPED${process.env.CI ? ", which in CI is a failure" : ""}:`,
  );
  for (const name of skipped) console.log(`!!!   ${name}`);
}
const failures =
  failed + failedSteps.length + (process.env.CI ? skipped.length : 0) + (!isGreen && failed === 0 ? 1 : 0);
console.log(`${passed} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);

/** A `todo` is a plan, not a test that was left out. */
function readResults(file) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    const isSkipped = ({ status }) => ["skipped", "pending"].includes(status);
    return {
      passed: numPassedTests,
      failed: numFailedTests,
      skipped: tests.filter(isSkipped).map(({ fullName }) => fullName),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}
