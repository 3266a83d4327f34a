import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Backtest } from "../../src/model/backtest.ts";
import { headroom, temporaryFolder } from "./cli.ts";

const weekly = (at: number) => 200 + at + 50 * Math.sin((2 * Math.PI * at) / 7) + (((at * 7919) % 13) - 6);
const values = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => weekly(from + index).toFixed(3)).join(",");

describe("headroom backtest", () => {
  it("scores train and test files, and writes every forecast with its interval", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "train.csv"), `a,${values(0, 140)}\nb,${values(20, 160)}\n`);
    writeFileSync(join(cwd, "test.csv"), `b,${values(160, 174)}\na,${values(140, 154)}\n`);
    const args = [
      "backtest",
      "--train",
      "train.csv",
      "--test",
      "test.csv",
      "--season",
      "7",
      "--horizon",
      "14",
    ];
    const { exitCode, stdout } = await headroom([...args, "--forecasts", "out.csv", "--json"], { cwd });
    expect(exitCode).toBe(0);
    const result = Backtest.parse(JSON.parse(stdout));
    expect(result.series.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(result.summary.owa).toBeLessThan(0.6);
    const lines = readFileSync(join(cwd, "out.csv"), "utf8").trim().split("\n");
    expect(lines[0]).toBe("id,h,mean,lo95,hi95");
    expect(lines).toHaveLength(1 + 2 * 14);
    for (const line of lines.slice(1)) {
      const [mean, low, high] = line.split(",").slice(2).map(Number) as [number, number, number];
      expect(low <= mean && mean <= high).toBe(true);
    }
    expect((await headroom(args, { cwd })).stdout).toMatch(/^2 series forecast, 14 points ahead/);
  });

  it("holds the end of one CSV back, looking for the season itself", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "series.csv"), `a,${values(0, 200)}\n`);
    const { exitCode, stdout } = await headroom(["backtest", "series.csv", "--horizon", "14", "--json"], {
      cwd,
    });
    expect(exitCode).toBe(0);
    expect(Backtest.parse(JSON.parse(stdout)).series[0]?.smape).toBeLessThan(4);
  });

  it.each([
    [["backtest", "--horizon", "5"], /nothing to backtest/],
    [["backtest", "nowhere.csv", "--horizon", "5"], /nowhere\.csv is neither a system nor a file/],
    [["backtest", "short.csv", "--horizon", "5"], /short\.csv a: has 3 values/],
    [["backtest", "bad.csv", "--horizon", "1"], /bad\.csv:1 column 3: "x" is no number/],
    [["backtest", "short.csv", "--horizon", "0"], /whole number from 1 to 1,000,000/],
  ])("%j is exit 2", async (args, message) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "short.csv"), "a,1,2,3\n");
    writeFileSync(join(cwd, "bad.csv"), "a,1,x,3\n");
    const { exitCode, stderr } = await headroom(args, { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
