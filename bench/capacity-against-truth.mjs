// `headroom capacity` against testbeds whose saturation is known from their settings: workers / mean service time.
// Where the SLA's latency is broken before that, saturation is only what must not be exceeded.
//   node bench/capacity-against-truth.mjs pynomaly:8 pynomaly:16 ralph:6 …   (system:workers)
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const cli = new URL("../dist/headroom.js", import.meta.url).pathname;
let inside = 0;
const settings = process.argv.slice(2);
console.log("system            workers  truth/s   found/s            mid off   inside  minutes  limited by");
for (const setting of settings) {
  const [system, workers, ...more] = setting.split(":");
  const testbed = spawn(
    process.execPath,
    [cli, "testbed", system, "--workers", workers, "--port", "0", "--json"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const { url, capacityPerSecond: truth } = JSON.parse(
    String(await new Promise((resolve) => testbed.stdout.once("data", resolve))),
  );
  const out = mkdtempSync(join(tmpdir(), "headroom-bench-"));
  const from = performance.now();
  const args = [
    "capacity",
    system,
    "--target",
    url,
    "--from-rate",
    String(truth / 8),
    "--out",
    out,
    "--quiet",
    ...more,
  ];
  spawnSync(process.execPath, [cli, ...args], { stdio: "ignore" });
  const minutes = (performance.now() - from) / 60_000;
  const { maxRatePerSecond, limitedBy } = JSON.parse(readFileSync(join(out, "capacity.json"), "utf8"));
  const { low, mid, high } = maxRatePerSecond;
  const holds = low <= truth && (truth <= high || limitedBy.startsWith("latency"));
  if (holds) inside++;
  const off = ((mid / truth - 1) * 100).toFixed(1);
  console.log(
    `${system.padEnd(18)}${workers.padStart(7)}${truth.toFixed(1).padStart(9)}   ${`${low.toFixed(1)}–${high.toFixed(1)}`.padEnd(18)}${`${off}%`.padStart(7)}   ${String(holds).padEnd(7)}${minutes.toFixed(1).padStart(6)}   ${limitedBy}`,
  );
  testbed.kill("SIGTERM");
  rmSync(out, { recursive: true, force: true });
}
console.log(`${inside} of ${settings.length} intervals hold the truth`);
