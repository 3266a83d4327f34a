// How far the verdict over several generators is from one process's: the same load of the same testbed through four k6
// processes that write to a real Prometheus, and through one. Three figures of each percentile: what was read back, what
// every sample of the four says, and what the one process measured.
//
//   node bench/generators-against-one.mjs [rounds]

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { cli, findK6, report } from "./lib.mjs";

const ROUNDS = Number(process.argv[2] ?? 3);
const [PROMETHEUS, TESTBED] = [19_490, 19_480];
const LOAD = ["--scenario", "smoke", "--duration", "40s", "--rate", "200"];
const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));

const start = (command, args, options = {}) => spawn(command, args, { stdio: "ignore", ...options });
const ended = (child) => new Promise((resolve) => child.once("close", resolve));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const headroom = async (...args) => {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await ended(child);
  return text;
};
const k6 = findK6();

writeFileSync(join(folder, "prometheus.yml"), "global: {}\n");
const store = start("prometheus", [
  `--config.file=${folder}/prometheus.yml`,
  `--storage.tsdb.path=${folder}/data`,
  `--web.listen-address=127.0.0.1:${PROMETHEUS}`,
  "--web.enable-remote-write-receiver",
  "--enable-feature=native-histograms",
]);
const testbed = start(process.execPath, [cli, "testbed", "ralph", "--port", String(TESTBED)]);
const rows = [];
try {
  await sleep(3000);
  const target = `http://127.0.0.1:${TESTBED}`;
  const url = `http://127.0.0.1:${PROMETHEUS}`;
  for (let round = 1; round <= ROUNDS; round++) {
    const id = `round-${round}`;
    const file = join(folder, `${id}.yaml`);
    const write = ["--remote-write", `${url}/api/v1/write`, "--run-id", id, "--out", file];
    await headroom(
      "export",
      "k6-operator",
      "ralph",
      "--target",
      target,
      "--parallelism",
      "4",
      ...LOAD,
      ...write,
    );
    const [script, run] = parseAllDocuments(readFileSync(file, "utf8")).map((one) => one.toJS());
    const env = Object.fromEntries(run.spec.runner.env.map(({ name, value }) => [name, value]));
    const generators = [1, 2, 3, 4].map((index) => {
      const segment = [`${index - 1}/4:${index}/4`, "0,1/4,2/4,3/4,1"].map((text) =>
        text.replace("0/4", "0").replace("4/4", "1"),
      );
      const child = start(
        k6,
        [
          ...[
            "run",
            "--quiet",
            "--execution-segment",
            segment[0],
            "--execution-segment-sequence",
            segment[1],
          ],
          ...run.spec.arguments.split(" "),
          ...["--tag", `instance_id=${index}`, "--out", `json=${folder}/${id}-${index}.json`, "-"],
        ],
        { stdio: ["pipe", "ignore", "ignore"], env: { ...process.env, ...env } },
      );
      child.stdin.end(script.data["script.js"]);
      return ended(child);
    });
    await headroom(
      "gate",
      "--from-prometheus",
      url,
      "--run-id",
      id,
      "--wait",
      "20s",
      "--quiet",
      "--out",
      `${folder}/${id}`,
    );
    await Promise.all(generators);
    await headroom(
      "gate",
      "ralph",
      "--target",
      target,
      "--engine",
      "k6",
      ...LOAD,
      "--quiet",
      "--out",
      `${folder}/one-${id}`,
    );
    const samples = [1, 2, 3, 4]
      .flatMap((index) => durations(`${folder}/${id}-${index}.json`))
      .sort((a, b) => a - b);
    const [many, one] = [id, `one-${id}`].map((name) =>
      JSON.parse(readFileSync(`${folder}/${name}/run.json`, "utf8")),
    );
    for (const q of [0.5, 0.95, 0.99]) {
      const read = quantile(many, q);
      const truth = samples[Math.ceil(q * samples.length) - 1];
      rows.push({
        round,
        percentile: `p${q * 100}`,
        iterations: `${many.evidence.iterations} / ${one.evidence.iterations}`,
        "read back, ms": round3(read),
        "every sample, ms": round3(truth),
        "off by": `${((read / truth - 1) * 100).toFixed(2)}%`,
        "one process, ms": round3(quantile(one, q)),
      });
    }
  }
} finally {
  store.kill("SIGTERM");
  testbed.kill("SIGTERM");
}
report("generators-against-one", `${ROUNDS} rounds of four generators and of one process`, rows);

function quantile({ metrics, quantileGrid }, q) {
  const row = metrics.find(
    ({ metric, tags }) => metric === "http_req_duration" && Object.keys(tags).length === 0,
  );
  return row.quantiles[quantileGrid.indexOf(q)];
}

function durations(file) {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.includes('"http_req_duration"') && line.includes('"Point"'))
    .map((line) => JSON.parse(line).data.value);
}

function round3(value) {
  return Number(value.toFixed(3));
}
