// What a plan costs: twelve signals, 400 days as a server gives them (ninety in steps of five minutes, the rest hourly), made by
// the command line from a file, in a process of its own.
//
//   node bench/plan-of-a-year.mjs [--signals 12] [--rounds 3]

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { root } from "./lib.mjs";

const options = { signals: { type: "string", default: "12" }, rounds: { type: "string", default: "3" } };
const { values: flags } = parseArgs({ options });
const [HOUR, DAY] = [3_600_000, 86_400_000];
const END = Date.parse("2026-11-16T00:00:00Z");
const [LONG, FINE] = [400, 90];

let state = 1;
const random = () => {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state / 2 ** 31;
};

function signalOf(signal, at) {
  const scale = signal.unit === "bytes" ? 1e9 : 100;
  const [older, values] = [[], []];
  for (let day = -LONG; day < 0; day++) {
    const season = 1 + 0.3 * Math.sin((2 * Math.PI * (day + 7 * at)) / 364);
    const incident = day === -60 || day === -200 ? 2 : 1;
    const level =
      scale * season * incident * ((day + 700) % 7 < 2 ? 0.7 : 1) * Math.exp(0.1 * (random() - 0.5));
    for (let hour = 0; hour < 24; hour++) {
      const mean = level * (0.6 + 0.4 * Math.exp(-((hour - 14) ** 2) / 20));
      if (day < -FINE) older.push(mean);
      else for (let point = 0; point < 12; point++) values.push(mean * (1 + 0.1 * (random() - 0.5)));
    }
  }
  const start = new Date(END - LONG * DAY + HOUR).toISOString();
  const coarse = { start, stepSeconds: HOUR / 1000, values: older };
  const empty = { resets: 0, truncated: false, warnings: [], failure: null };
  return { id: signal.id, query: signal.query, values, older: coarse, ...empty };
}

const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
try {
  for (const part of ["scenarios", "thresholds", "profiles"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const profile = parse(readFileSync(join(root, "profiles/pynomaly.yaml"), "utf8"));
  const given = profile.signals.map((signal) => ({ ...signal, role: "demand" }));
  profile.signals = Array.from({ length: Number(flags.signals) }, (_, at) => {
    const signal = given[at % given.length];
    return at < given.length ? signal : { ...signal, id: `${signal.id}-${at}` };
  });
  writeFileSync(join(folder, "profiles/pynomaly.yaml"), stringify(profile));
  const history = {
    schema: "headroom/history@1",
    system: "pynomaly",
    source: "made up",
    start: new Date(END - FINE * DAY + HOUR / 12).toISOString(),
    end: new Date(END).toISOString(),
    stepSeconds: HOUR / 12 / 1000,
    signals: profile.signals.map(signalOf),
  };
  writeFileSync(join(folder, "history.json"), JSON.stringify(history));
  const probe = `process.on("exit", () => { const { maxRSS, userCPUTime } = process.resourceUsage(); console.error(Math.round(maxRSS / 1024), "MiB,", (userCPUTime / 1e6).toFixed(2), "s of user CPU"); });`;
  for (let round = 0; round < Number(flags.rounds); round++) {
    const before = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...["--import", `data:text/javascript,${encodeURIComponent(probe)}`, join(root, "dist/headroom.js")],
        ...["plan", "pynomaly", "--root", folder, "--history", join(folder, "history.json"), "--quiet"],
        ...["--out", join(folder, "plan")],
      ],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    const seconds = ((performance.now() - before) / 1000).toFixed(2);
    const plan = JSON.parse(readFileSync(join(folder, "plan/plan.json"), "utf8"));
    const forecast = plan.demands.filter(({ refused }) => refused === undefined).length;
    console.log(`${forecast} of ${plan.demands.length} forecast in ${seconds} s, ${stderr.trim()}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
