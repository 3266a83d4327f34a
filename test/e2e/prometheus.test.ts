import { describe, expect, inject, it } from "vitest";
import { PrometheusClient } from "../../src/prometheus/client.ts";
import { connectionFrom } from "../../src/prometheus/connection.ts";
import { rowsOf } from "../matrix.ts";
import { settledGate, withTestbed } from "./cli.ts";
import { backfill, withPrometheus } from "./prometheus-server.ts";

/** With the jobs that the operators' queries name. */
const SYSTEMS: [system: string, metricsPath: string, jobs: string[], scaling: string[]][] = [
  ["companion", "/metrics", ["ai-companion", "postgres"], ["--duration", "32s"]],
  ["ethical-testbed", "/api/metrics", ["ethical-ai-backend"], ["--duration", "12s"]],
  ["principles-gym", "/metrics", ["principles-gym-api"], ["--duration", "12s", "--rate", "80"]],
  ["pynomaly", "/metrics", ["pynomaly-app"], ["--duration", "12s"]],
  ["ralph", "/metrics", ["ralph-orchestrator"], ["--duration", "12s", "--rate", "30"]],
];

describe
  .skipIf(inject("prometheus") === null)
  .concurrent("server-side criteria over a real Prometheus", () => {
    // principles-gym's are judged over VictoriaMetrics too, pynomaly's where the server counts errors.
    const systems = rowsOf(SYSTEMS, ([system]) => !["principles-gym", "pynomaly"].includes(system));

    it.each(systems)("%s: every one has data and holds", async (system, path, jobs, scaling) => {
      const { verdict } = await withTestbed([system], (url) =>
        withPrometheus({ scrape: jobs.map((job) => ({ url, path, job })) }, (prometheus) =>
          settledGate([
            system,
            "--target",
            url,
            "--prometheus",
            prometheus,
            "--scenario",
            "smoke",
            ...scaling,
          ]),
        ),
      );
      const server = verdict.criteria.filter(({ kind }) => kind === "server");
      expect(server.length).toBeGreaterThanOrEqual(3);
      expect(server.map(({ id, status }) => `${id} ${status}`)).toEqual(server.map(({ id }) => `${id} pass`));
      expect(verdict.status).toBe("pass");
    });

    it("errors that the server counts fail the gate, and the observations are kept for judge", async () => {
      const { exitCode, verdict, run } = await withTestbed(["pynomaly", "--errors", "8%"], (url) =>
        withPrometheus({ scrape: { url, path: "/metrics" } }, (prometheus) =>
          settledGate([
            "pynomaly",
            "--target",
            url,
            "--prometheus",
            prometheus,
            "--scenario",
            "smoke",
            "--duration",
            "12s",
          ]),
        ),
      );
      // 8% is under the load test's own 10% and over the alert's 5%.
      expect(verdict.criteria.find(({ id }) => id === "error-ratio")?.status).toBe("pass");
      expect(verdict.criteria.find(({ id }) => id === "server-errors")?.status).toBe("fail");
      expect(exitCode).toBe(1);
      expect(run.server?.find(({ id }) => id === "server-errors")?.values[0]?.value).toBeGreaterThan(0.05);
    });

    it("a Prometheus that does not answer makes them no data, and the run inconclusive", async () => {
      const { exitCode, verdict } = await withTestbed(["ralph"], (url) =>
        settledGate([
          "ralph",
          "--target",
          url,
          "--prometheus",
          "http://127.0.0.1:1",
          "--scenario",
          "smoke",
          "--duration",
          "6s",
          "--rate",
          "40",
        ]),
      );
      expect(exitCode).toBe(4);
      expect(verdict.reasons.map(({ message }) => message).join()).toMatch(
        /memory has no data.*cannot be reached \(ECONNREFUSED\)/,
      );
    });
  });

describe.skipIf(inject("prometheus") === null)("a month of history at one minute", () => {
  it("comes whole although it is four times what Prometheus gives at once, its gap a gap and its NaN absent", async () => {
    const minutes = 30 * 24 * 60;
    const startMs = 1_700_000_040_000;
    const isAbsent = (minute: number) => minute >= 20_000 && minute < 20_500;
    const lines = Array.from({ length: minutes }, (_, minute) => {
      const value = minute === 30_000 ? "NaN" : String(minute % 1440);
      return isAbsent(minute) ? "" : `requests ${value} ${(startMs + minute * 60_000) / 1000}\n`;
    });
    const data = await backfill(`# TYPE requests gauge\n${lines.join("")}# EOF\n`);
    await withPrometheus({ data }, async (url) => {
      const client = new PrometheusClient(connectionFrom(url, {}));
      // last_over_time of less than a minute, so that the lookback of 5 min does not fill the gap.
      const { series, warnings } = await client.range(
        "last_over_time(requests[59s])",
        startMs,
        startMs + (minutes - 1) * 60_000,
        60_000,
      );
      expect([series.length, warnings]).toEqual([1, []]);
      expect(series[0]?.values).toHaveLength(minutes - 500 - 1);
      series[0]?.timesMs.forEach((timeMs, index) => {
        const minute = (timeMs - startMs) / 60_000;
        if (isAbsent(minute) || series[0]?.values[index] !== minute % 1440)
          expect.fail(`minute ${minute} is ${series[0]?.values[index]}`);
      });
      const refused = await fetch(
        `${url}/api/v1/query_range?query=requests&start=${startMs / 1000}&end=${startMs / 1000 + minutes * 60}&step=60`,
      );
      expect(refused.status).toBe(400);
    });
  });
});
