import { spawn } from "node:child_process";
import { describe, expect, inject, it } from "vitest";
import { Capacity } from "../../src/model/capacity.ts";
import { headroom, temporaryFolder, withTestbed } from "./cli.ts";

const TRIALS = Number(process.env.HEADROOM_CAPACITY_TRIALS ?? 20);
/** More misses than this among 20 trials happen in 1.6% of all cases where 95 of 100 intervals hold the truth. */
const MOST_MISSES = 3;
const FAST = ["--hold", "3s", "--precision", "20%", "--max-rate", "300", "--budget", "25s"];

/** Targets whose limit is known: workers / mean service time of the journey's mix, requests/s. */
const TARGETS = {
  autocannon: { system: "pynomaly", workers: 8, from: 50, truth: 129.8 },
  k6: { system: "ralph", workers: 3, from: 40, truth: 91.9 },
} as const;

/** Another program that keeps one core busy while `use` runs, and for ten minutes at most. */
async function withBusyCore<T>(isBusy: boolean, use: () => Promise<T>): Promise<T> {
  if (!isBusy) return await use();
  const loop = "const end = Date.now() + 600_000; while (Date.now() < end);";
  const hog = spawn(process.execPath, ["-e", loop], { stdio: "ignore" });
  try {
    return await use();
  } finally {
    hog.kill("SIGKILL");
  }
}

/** Intervals that do not hold the truth. */
async function misses(engine: keyof typeof TARGETS, isBusy: boolean): Promise<string[]> {
  const { system, workers, from, truth } = TARGETS[engine];
  const missed: string[] = [];
  for (let trial = 0; trial < TRIALS; trial++) {
    const said = await withTestbed([system, "--workers", String(workers), "--seed", String(trial)], (url) =>
      withBusyCore(isBusy, () =>
        headroom([
          ...["capacity", system, "--target", url, "--engine", engine, "--from-rate", String(from)],
          ...[...FAST, "--json", "--out", temporaryFolder()],
        ]),
      ),
    );
    const { maxRatePerSecond, bound, settled } = Capacity.parse(JSON.parse(said.stdout));
    const { low, high } = maxRatePerSecond;
    // Of a bound on one side the other end is not known.
    const isBelow = bound === "both" || bound === "at-least";
    const isAbove = bound === "both" || bound === "less-than";
    const words = `${low}–${high} (${bound}${settled ? "" : ", not settled"})`;
    console.log(`${system} ${engine}: ${words} of ${truth}`);
    if ((isBelow && low > truth) || (isAbove && high < truth)) missed.push(words);
  }
  return missed;
}

describe("the interval of a capacity holds the truth 95 times in 100", () => {
  const engines = inject("k6") === null ? (["autocannon"] as const) : (["autocannon", "k6"] as const);

  it.each(engines)("%s, beside a program that keeps a core busy", async (engine) => {
    expect((await misses(engine, true)).length).toBeLessThanOrEqual(MOST_MISSES);
  });

  it.each(engines)("%s, alone", async (engine) => {
    expect((await misses(engine, false)).length).toBeLessThanOrEqual(MOST_MISSES);
  });
});
