// Requests per CPU second of `headroom stress` against k6 on the same target, twenty connections or users each.
// Interleaved repeats; the ratio of medians is the result.
//   node bench/stress-against-k6.mjs [repeats] [seconds]
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const repeats = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 5);
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "headroom");
const k6 =
  process.env.HEADROOM_K6 ??
  join(
    cache,
    readdirSync(cache).find((name) => name.startsWith("k6-")),
    "k6",
  );
const server = spawn(process.execPath, [`${root}bench/target.mjs`], { stdio: ["ignore", "pipe", "inherit"] });
const url = await new Promise((resolve) =>
  server.stdout.once("data", (text) => resolve(String(text).trim())),
);
const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
const script = join(folder, "script.js");
writeFileSync(
  script,
  `import http from "k6/http";
export const options = { vus: 20, duration: "${seconds}s" };
export default function () { http.get("${url}"); }
export function handleSummary({ metrics }) { return { stdout: String(metrics.http_reqs.values.count) }; }
`,
);

/** Requests by CPU second of a command that prints its requests. */
function perCpuSecond(command, args, read) {
  const timed = spawnSync("bash", ["-c", 'TIMEFORMAT="cpu %U %S"; time "$@"', "-", command, ...args], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(timed.stderr) ?? [];
  return read(timed.stdout) / (Number(user) + Number(system));
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const [ours, theirs] = [[], []];
for (let repeat = 0; repeat < repeats; repeat++) {
  theirs.push(perCpuSecond(k6, ["run", "--quiet", script], Number));
  ours.push(
    perCpuSecond(
      process.execPath,
      [`${root}dist/headroom.js`, "stress", url, "-c", "20", "-d", `${seconds}s`, "--json", "--quiet"],
      (stdout) => JSON.parse(stdout).requests.total,
    ),
  );
}
server.kill("SIGTERM");
rmSync(folder, { recursive: true });
console.log(`k6                ${median(theirs).toFixed(0)} requests per CPU second`);
console.log(`headroom stress   ${median(ours).toFixed(0)} requests per CPU second`);
console.log(
  `ratio             ${(median(ours) / median(theirs)).toFixed(2)} (medians of ${repeats}, ${seconds} s each, interleaved)`,
);
