// The loop closed: one instance's capacity is measured, the plan divides the forecast demand by it, the recommended
// number of instances is really started and gated at that demand, and then a third fewer. Redundancy and the target
// utilisation are taken out of a copy of the profile, so that nothing but the capacity carries the answer.
//   node bench/closed-loop.mjs
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SYSTEM = "pynomaly";
const WORKERS = "5";
const source = new URL("..", import.meta.url).pathname;
const cli = join(source, "dist", "headroom.js");
const root = mkdtempSync(join(tmpdir(), "headroom-loop-"));
for (const folder of ["scenarios", "thresholds", "profiles"])
  cpSync(join(source, folder), join(root, folder), { recursive: true });
const profile = join(root, "profiles", `${SYSTEM}.yaml`);
writeFileSync(
  profile,
  readFileSync(profile, "utf8")
    .replace("spare: 1", "spare: 0")
    .replace("target: 70%", "target: 95%")
    .replace("floor: 2", "floor: 1"),
);

const headroom = (...args) => spawnSync(process.execPath, [cli, ...args], { cwd: root, encoding: "utf8" });
async function withTestbed(instances, use) {
  const child = spawn(
    process.execPath,
    [cli, "testbed", SYSTEM, "--workers", WORKERS, "--instances", String(instances), "--port", "0", "--json"],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const said = JSON.parse(String(await new Promise((resolve) => child.stdout.once("data", resolve))));
  try {
    return use(said);
  } finally {
    child.kill("SIGTERM");
  }
}

await withTestbed(1, ({ url, capacityPerSecond }) => {
  const { stderr } = headroom(
    "capacity",
    SYSTEM,
    "--target",
    url,
    "--from-rate",
    String(capacityPerSecond / 6),
    "--out",
    "reports/pynomaly/measured",
    "--quiet",
  );
  if (stderr) console.error(stderr);
  const { maxRatePerSecond } = JSON.parse(
    readFileSync(join(root, "reports/pynomaly/measured/capacity.json"), "utf8"),
  );
  console.log(
    `one instance: truth ${capacityPerSecond.toFixed(1)}/s, measured ${maxRatePerSecond.low.toFixed(1)}–${maxRatePerSecond.high.toFixed(1)}/s`,
  );
});
const plan = JSON.parse(
  headroom(
    "plan",
    SYSTEM,
    "--history",
    "sample",
    "--capacity",
    "reports/pynomaly/measured/capacity.json",
    "--json",
  ).stdout,
);
const api = plan.sizing.find(({ resource }) => resource === "api-instances");
console.log(
  `plan: ${plan.rehearsal.p90.toFixed(1)}/s at p90, ${api.recommended} instances (${api.capacity.source}, ${api.capacity.value.toFixed(1)}/s each)`,
);
for (const instances of [api.recommended, Math.floor((api.recommended * 2) / 3)]) {
  await withTestbed(instances, ({ url, capacityPerSecond }) => {
    const gate = headroom(
      "gate",
      SYSTEM,
      "--target",
      url,
      "--scenario",
      "smoke",
      "--duration",
      "60s",
      "--rate",
      "from-plan:p90",
      "--json",
      "--quiet",
    );
    const { status, criteria } = JSON.parse(gate.stdout);
    const p95 = criteria.find(({ id }) => id === "p95");
    console.log(
      `gate with ${instances} instances (truth ${capacityPerSecond.toFixed(0)}/s): ${status}, p95 ${p95.observed?.toFixed(0)} ms against ${p95.limit} ms`,
    );
  });
}
rmSync(root, { recursive: true, force: true });
