import { readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { isForecast, isSized, type Plan } from "../../src/model/plan.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { rowsOf } from "../matrix.ts";
import { headroom, settledGate, temporaryFolder, withTestbed } from "./cli.ts";
import { AS_OF, pastOf } from "./past.ts";
import { withPrometheus, withVictoriaMetrics } from "./prometheus-server.ts";

describe
  .skipIf(inject("prometheus") === null || inject("victoriaMetrics") === null)
  .concurrent("the same history in VictoriaMetrics", () => {
    const systems = rowsOf(listSystems("."), (system) => ["companion", "pynomaly"].includes(system));

    it.each(systems)("%s: gives the plan that Prometheus gives", async (system) => {
      const past = await pastOf(system);
      const planFrom = async (url: string) => {
        const live = ["--prometheus", url, "--as-of", AS_OF, "--scrape", "2m", "--step", "10m"];
        const { exitCode, stdout, stderr } = await headroom([
          "plan",
          system,
          ...live,
          "--json",
          "--out",
          temporaryFolder(),
        ]);
        expect(exitCode, stderr).toBe(0);
        return JSON.parse(stdout) as Plan;
      };
      const ours = await withPrometheus({ data: past.blocks() }, planFrom);
      const theirs = await withVictoriaMetrics({ openMetrics: readFileSync(past.text, "utf8") }, planFrom);
      const bought = ({ sizing }: Plan) =>
        sizing.map((line) =>
          isSized(line) ? [line.resource, line.recommended, line.runsOut, line.orderBy] : line,
        );
      expect(bought(theirs)).toEqual(bought(ours));
      expect(theirs.tightest).toBe(ours.tightest);
      const [forecasts, expected] = [theirs, ours].map(({ demands }) => demands.filter(isForecast));
      expect(forecasts?.length).toBe(expected?.length);
      forecasts?.forEach(({ signal, now, atHorizon }, index) => {
        const other = expected?.[index];
        for (const [one, two] of [
          [now, other?.now],
          ...(["p10", "p50", "p90"] as const).map((p) => [atHorizon[p], other?.atHorizon[p]]),
        ] as [number, number][])
          expect(Math.abs(one / two - 1), `${signal} ${one} ${two}`).toBeLessThan(1e-3);
      });
    });
  });

describe
  .skipIf(inject("victoriaMetrics") === null)
  .concurrent("server-side criteria over VictoriaMetrics", () => {
    const systems: [system: string, path: string, job: string, scaling: string[]][] = [
      ["pynomaly", "/metrics", "pynomaly-app", ["--duration", "12s"]],
      ["principles-gym", "/metrics", "principles-gym-api", ["--duration", "12s", "--rate", "80"]],
    ];

    it.each(rowsOf(systems, ([system]) => system === "principles-gym"))(
      "%s: every one has data and holds, straight after the run",
      async (system, path, job, scaling) => {
        const { verdict } = await withTestbed([system], (url) =>
          withVictoriaMetrics({ scrape: { url, path, job } }, (store) =>
            settledGate([system, "--target", url, "--prometheus", store, "--scenario", "smoke", ...scaling]),
          ),
        );
        const server = verdict.criteria.filter(({ kind }) => kind === "server");
        expect(server.length).toBeGreaterThanOrEqual(3);
        expect(server.map(({ id, status, note }) => `${id} ${status} ${note}`)).toEqual(
          server.map(({ id }) => `${id} pass null`),
        );
        expect(verdict.status).toBe("pass");
      },
    );

    it("sees the failures of a run's last seconds too", async () => {
      const { verdict } = await withTestbed(["pynomaly", "--errors", "8%"], (url) =>
        withVictoriaMetrics({ scrape: { url, path: "/metrics" } }, (store) =>
          settledGate([
            "pynomaly",
            "--target",
            url,
            "--prometheus",
            store,
            "--scenario",
            "smoke",
            "--duration",
            "12s",
          ]),
        ),
      );
      expect(verdict.criteria.find(({ id }) => id === "server-errors")?.status).toBe("fail");
    });
  });
