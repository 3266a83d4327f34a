// Seconds and peak memory of `plan --all` over 10, 100, 500 services, each with its own profile and ninety days of
// hourly history: copies of the shipped systems under other names.
//   node bench/fleet.mjs [sizes]
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sizes = (process.argv[2] ?? "10,100,500").split(",").map(Number);
const SYSTEMS = ["companion", "ethical-testbed", "principles-gym", "pynomaly", "ralph"];

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
  const from = performance.now();
  const done = spawnSync(
    "bash",
    [
      "-c",
      '"$@" >/dev/null & p=$!; m=0; while kill -0 $p 2>/dev/null; do r=$(awk "/VmHWM/{print \\$2}" /proc/$p/status 2>/dev/null); [ -n "$r" ] && m=$r; sleep 0.2; done; wait $p; echo "$? $m"',
      "-",
      process.execPath,
      join(root, "dist", "headroom.js"),
      "plan",
      "--all",
      "--root",
      folder,
      "--history",
      "sample",
      "--quiet",
      "--out",
      join(folder, "out"),
      "--format",
      "json",
    ],
    { encoding: "utf8" },
  );
  const [code, kib] = done.stdout.trim().split(" ").map(Number);
  if (code !== 0) throw new Error(`exit ${code}: ${done.stderr}`);
  const seconds = (performance.now() - from) / 1000;
  console.log(
    `${String(size).padStart(5)} services  ${seconds.toFixed(1)} s  ${((seconds / size) * 1000).toFixed(0)} ms each  peak ${(kib / 1024).toFixed(0)} MiB`,
  );
  rmSync(folder, { recursive: true });
}
