import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { Capacity } from "../../src/model/capacity.ts";
import type { Plan } from "../../src/model/plan.ts";
import { isSized } from "../../src/model/plan.ts";
import { Stress } from "../../src/model/stress.ts";
import { behaving, headroom, temporaryFolder, withServer, withTestbed } from "./cli.ts";

const FAST = ["--hold", "4s", "--precision", "20%", "--max-rate", "300", "--budget", "20s"];

/** What every result says of its own steps; whether it is true is a longer trial: capacity.long.test.ts. */
function expectCoherent({ maxRatePerSecond: { low, mid, high }, bound, settled, steps }: Capacity): void {
  const offered = (verdict: boolean) =>
    steps.filter(({ holds }) => holds === verdict).map(({ offered }) => offered);
  // A short step may show one side alone.
  expect(low > 0).toBe(bound === "both" || bound === "at-least");
  expect(low).toBeLessThanOrEqual(Math.max(0, ...offered(true)));
  expect([low, mid, high]).toEqual([low, mid, high].sort((a, b) => a - b));
  if (settled) expect(high).toBeGreaterThanOrEqual(Math.min(...offered(false)));
  for (const { offered } of steps) expect(offered).toBeLessThanOrEqual(300);
}

describe("headroom capacity", () => {
  it("finds what a testbed takes, and the plan and the gate go on from there", async () => {
    const cwd = temporaryFolder();
    const measured = join("reports", "pynomaly", "measured", "capacity.json");
    await withTestbed(["pynomaly", "--workers", "8"], async (url) => {
      const args = [
        "--from-rate",
        "50",
        "--engine",
        "autocannon",
        ...FAST,
        "--out",
        join("reports", "pynomaly", "measured"),
      ];
      const said = await headroom(["capacity", "pynomaly", "--target", url, ...args, "--json"], { cwd });
      const capacity = Capacity.parse(JSON.parse(said.stdout));
      // Four seconds may not settle it; then the exit code says so.
      expect(said.exitCode, said.stderr).toBe(capacity.settled ? 0 : 4);
      expectCoherent(capacity);

      const planned = await headroom(
        ["plan", "pynomaly", "--history", "sample", "--capacity", measured, "--json"],
        { cwd },
      );
      const plan = JSON.parse(planned.stdout) as Plan;
      const api = plan.sizing.filter(isSized).find(({ resource }) => resource === "api-instances");
      expect(api?.capacity.source).toBe("measured");
      expect(api?.capacity.value).toBeCloseTo(0.7 * capacity.maxRatePerSecond.low, 6);
      expect(api?.why.join()).toMatch(
        /today's 3 instances take \d+\/s as measured, with nothing to spare: the forecast/,
      );

      const gate = [
        "gate",
        "pynomaly",
        "--target",
        url,
        "--scenario",
        "smoke",
        "--duration",
        "4s",
        "--engine",
        "autocannon",
      ];
      const rehearsed = await headroom([...gate, "--rate", "from-plan:p90", "--out", join(cwd, "gate")], {
        cwd,
      });
      expect(rehearsed.stderr).toMatch(/requests\/s: p90 of requests at the horizon of reports/);
      const run = JSON.parse(readFileSync(join(cwd, "gate", "run.json"), "utf8")) as {
        asked: { load: { peak: number } };
      };
      expect(run.asked.load.peak).toBeCloseTo(plan.rehearsal?.p90 ?? 0, 6);
    });
  });

  it.skipIf(inject("k6") === null)("does the same with k6", async () => {
    await withTestbed(["ralph", "--workers", "3"], async (url) => {
      const out = temporaryFolder();
      const args = ["--from-rate", "40", ...FAST, "--out", out, "--json"];
      const said = await headroom(["capacity", "ralph", "--target", url, ...args]);
      const capacity = Capacity.parse(JSON.parse(said.stdout));
      expect(capacity.engine?.name).toBe("k6");
      expect(said.exitCode, said.stderr).toBe(capacity.settled ? 0 : 4);
      expectCoherent(capacity);
    });
  });

  it("fits the law to published points, and says what it cannot", async () => {
    const folder = temporaryFolder();
    const law = (n: number) => (50 * n) / (1 + 0.02 * (n - 1) + 0.0005 * n * (n - 1));
    const rows = [1, 2, 4, 8, 16, 32, 64].map((n) => `${n},${law(n)}`);
    writeFileSync(join(folder, "points.csv"), `load,throughput\n${rows.join("\n")}\n`);
    const said = await headroom(["capacity", "--from", join(folder, "points.csv"), "--predict", "10,100"]);
    expect(said.stdout).toContain(`at 100: ${law(100).toPrecision(3)}/s`);
    expect(said).toMatchObject({ exitCode: 0 });
    expect(said.stdout).toContain("contention 2%, coherency 0.05%, 50/s for one in flight");
    writeFileSync(join(folder, "few.csv"), rows.slice(0, 3).join("\n"));
    expect(await headroom(["capacity", "--from", join(folder, "few.csv")])).toMatchObject({ exitCode: 4 });
    writeFileSync(join(folder, "bad.csv"), "load,throughput\n1,fast\n");
    const bad = await headroom(["capacity", "--from", join(folder, "bad.csv")]);
    expect(bad).toMatchObject({ exitCode: 2, stdout: "" });
    expect(bad.stderr).toContain('bad.csv:2: "1,fast" is no pair of numbers');
  });

  it("refuses a rate from a plan that is not there, and a stranger's machine", async () => {
    const cwd = temporaryFolder();
    const gate = await headroom(["gate", "ralph", "--target", "http://127.0.0.1:9", "--rate", "from-plan"], {
      cwd,
    });
    expect(gate).toMatchObject({ exitCode: 2 });
    expect(gate.stderr).toContain("headroom plan ralph");
    for (const command of [["gate", "ralph", "--target"], ["capacity", "ralph", "--target"], ["stress"]]) {
      const far = await headroom([...command, "http://192.0.2.1/"], { cwd });
      expect(far, command.join(" ")).toMatchObject({ exitCode: 2, stdout: "" });
      expect(far.stderr).toContain("--allow-target 192.0.2.1");
    }
  });
});

describe("headroom stress", () => {
  it("measures a URL, keeps the result and compares with it", async () => {
    await withServer(behaving, async (url) => {
      const out = temporaryFolder();
      const first = await headroom(["stress", `${url}/`, "-c", "5", "-d", "2s", "--out", out, "--json"]);
      expect(first.exitCode, first.stderr).toBe(0);
      const result = Stress.parse(JSON.parse(first.stdout));
      expect(result.requests.total).toBeGreaterThan(100);
      expect(result.statusCounts).toEqual([{ status: 200, count: result.requests.total }]);
      expect(result.latency.correctedForCoordinatedOmission).toBe(false);
      expect(first.stderr).toMatch(/1 s +[\d,]+\/s +p50 .*p99 .*200/);
      const second = await headroom(["stress", `${url}/500`, "-r", "50", "-d", "2s", "--compare-to", out]);
      expect(second.stdout).toMatch(/now +before +change/);
      expect(second.stdout).toContain("corrected for coordinated omission");
      expect(second.stdout).toMatch(/failed +100% +0%/);
    });
  });

  it("sends what it is told to", async () => {
    const seen: string[] = [];
    const listener = (
      request: import("node:http").IncomingMessage,
      response: import("node:http").ServerResponse,
    ) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        seen.push(`${request.method} ${request.headers["x-team"]} ${body}`);
        response.end("{}");
      });
    };
    await withServer(listener, async (url) => {
      const folder = temporaryFolder();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "body.json"), '{"a":1}');
      const args = ["-H", "X-Team: a", "-b", `@${join(folder, "body.json")}`, "-r", "20", "-d", "1s"];
      expect((await headroom(["stress", url, ...args])).exitCode).toBe(0);
      expect(new Set(seen.slice(1))).toEqual(new Set(['POST a {"a":1}']));
    });
  });

  it("counts what a slow answer kept waiting when a rate is given", async () => {
    let count = 0;
    const listener = (_: unknown, response: import("node:http").ServerResponse) => {
      count++;
      // One connection at 100/s; the 51st answer takes a second: a hundred requests were due meanwhile.
      setTimeout(() => response.end("{}"), count === 52 ? 1000 : 0);
    };
    await withServer(listener, async (url) => {
      const said = await headroom(["stress", url, "-c", "1", "-r", "100", "-d", "3s", "--json"]);
      const { latency } = Stress.parse(JSON.parse(said.stdout));
      expect(latency.correctedForCoordinatedOmission).toBe(true);
      // A third of the requests should have been sent within that second: the 90th percentile is far up its slope.
      expect(latency.p90 ?? 0).toBeGreaterThan(400);
      // The half before the slow answer did not wait.
      expect(latency.p50 ?? Number.NaN).toBeLessThan((latency.p90 ?? 0) / 4);
    });
  });

  it("judges a system's journey by its SLA", async () => {
    await withTestbed(["pynomaly", "--slow", "detect=3s"], async (url) => {
      const said = await headroom([
        "stress",
        "pynomaly",
        "--target",
        url,
        "-r",
        "60",
        "-d",
        "6s",
        "--out",
        temporaryFolder(),
      ]);
      expect(said.exitCode, said.stderr).toBe(1);
      expect(said.stdout).toContain("FAIL");
    });
  });

  it.each([
    [["stress", "nowhere.example/x"], "neither a URL nor a system"],
    [["stress", "http://127.0.0.1:9/", "-H", "broken"], "--header"],
    [["stress", "http://127.0.0.1:9/", "-b", "@nofile"], "nofile"],
    [["stress", "nosystem"], "unknown system"],
  ])("%j ends with 2 and says what is right", async (args, text) => {
    const said = await headroom(args);
    expect(said).toMatchObject({ exitCode: 2, stdout: "" });
    expect(said.stderr).toContain(text);
  });

  it("ends with 3 where nothing listens", async () => {
    expect(await headroom(["stress", "http://127.0.0.1:9/"])).toMatchObject({ exitCode: 3, stdout: "" });
  });
});
