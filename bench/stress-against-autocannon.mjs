// Throughput of `headroom stress` against bare autocannon on the same target: what exact latencies, statuses and the
// live view cost. Interleaved repeats; the ratio of medians is the result.
//   node bench/stress-against-autocannon.mjs [repeats] [seconds]
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const repeats = Number(process.argv[2] ?? 7);
const seconds = Number(process.argv[3] ?? 4);
const server = spawn(process.execPath, [`${root}bench/target.mjs`], { stdio: ["ignore", "pipe", "inherit"] });
const url = await new Promise((resolve) =>
  server.stdout.once("data", (text) => resolve(String(text).trim())),
);
const run = (args) =>
  JSON.parse(spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1e8 }).stdout);
const bare = () =>
  run([`${root}node_modules/autocannon/autocannon.js`, "-c", "20", "-d", String(seconds), "-j", url]).requests
    .average;
const ours = () =>
  run([`${root}dist/headroom.js`, "stress", url, "-c", "20", "-d", `${seconds}s`, "--json", "--quiet"])
    .requests.perSecond;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const [plain, stressed] = [[], []];
for (let repeat = 0; repeat < repeats; repeat++) {
  plain.push(bare());
  stressed.push(ours());
}
server.kill("SIGTERM");
console.log(`autocannon        ${median(plain).toFixed(0)} requests/s`);
console.log(`headroom stress   ${median(stressed).toFixed(0)} requests/s`);
console.log(
  `ratio             ${(median(stressed) / median(plain)).toFixed(3)} (medians of ${repeats}, ${seconds} s each, interleaved)`,
);
