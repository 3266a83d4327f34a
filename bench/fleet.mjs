// Seconds and peak memory of `plan --all` over 10, 100, 500 services, each with its own profile and ninety days of
// hourly history: copies of the shipped systems under other names.
//   node bench/fleet.mjs [sizes]
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, measure, report, root } from "./lib.mjs";

const sizes = (process.argv[2] ?? "10,100,500").split(",").map(Number);
const SYSTEMS = ["companion", "ethical-testbed", "principles-gym", "pynomaly", "ralph"];

const rows = [];
for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), "headroom-fleet-"));
  mkdirSync(join(folder, "profiles", "samples"), { recursive: true });
  cpSync(join(root, "profiles", "catalogue"), join(folder, "profiles", "catalogue"), { recursive: true });
  for (let index = 0; index < size; index++) {
    const source = SYSTEMS[index % SYSTEMS.length];
    const name = `${source}-${index}`;
    const rename = (text) =>
      text
        .replace(`system: ${source}`, `system: ${name}`)
        .replace(`"system":"${source}"`, `"system":"${name}"`);
    for (const [from, to] of [
      [`${source}.yaml`, `${name}.yaml`],
      [`samples/${source}.json`, `samples/${name}.json`],
    ])
      writeFileSync(join(folder, "profiles", to), rename(readFileSync(join(root, "profiles", from), "utf8")));
  }
  const { seconds, peakMiB } = measure([
    process.execPath,
    cli,
    ...["plan", "--all", "--root", folder, "--history", "sample", "--quiet"],
    ...["--out", join(folder, "out"), "--format", "json"],
  ]);
  rows.push({
    services: size,
    seconds: seconds.toFixed(1),
    "ms each": ((seconds / size) * 1000).toFixed(0),
    "peak, MiB": peakMiB.toFixed(0),
  });
  rmSync(folder, { recursive: true });
}
report("fleet", "a plan of every service, one after the other", rows);
