// Makes a fresh clone ready: installs packages when node_modules is older than the lockfile says, then builds
// the CLI. Uses nothing but Node, because it runs before anything is installed.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".headroom-lock");
const lock = readFileSync(join(root, "package-lock.json"), "utf8");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("installing packages (npm ci) …");
  const installed = spawnSync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (installed.status !== 0) {
    console.error("npm ci failed: see its message above");
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
execFileSync(process.execPath, ["build.mjs"], { cwd: root, stdio: ["ignore", 2, 2] });
