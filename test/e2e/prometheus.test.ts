import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { gate, temporaryFolder, withTestbed } from "./cli.ts";

/** A real Prometheus that scrapes the target every second while `use` runs. */
async function withPrometheus<T>(
  target: string,
  metricsPath: string,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder();
  const config = {
    global: { scrape_interval: "1s" },
    scrape_configs: [
      { job_name: "api", metrics_path: metricsPath, static_configs: [{ targets: [new URL(target).host] }] },
    ],
  };
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config));
  const port = await freePort();
  const child = execa(
    inject("prometheus") as string,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { reject: false, stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    await until(async () => (await fetch(`${url}/-/ready`)).ok);
    await until(async () =>
      JSON.stringify(await (await fetch(`${url}/api/v1/query?query=up`)).json()).includes('"1"'),
    );
    return await use(url);
  } finally {
    child.kill("SIGTERM");
    await child;
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("Prometheus did not become ready in 30 s");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const SYSTEMS: [system: string, metricsPath: string, scaling: string[]][] = [
  ["companion", "/metrics", ["--duration", "32s"]],
  ["ethical-testbed", "/api/metrics", ["--duration", "12s"]],
  ["principles-gym", "/metrics", ["--duration", "12s", "--rate", "80"]],
  ["pynomaly", "/metrics", ["--duration", "12s"]],
  ["ralph", "/metrics", ["--duration", "12s", "--rate", "30"]],
];

describe
  .skipIf(inject("prometheus") === null)
  .concurrent("server-side criteria over a real Prometheus", () => {
    it.each(SYSTEMS)("%s: every one has data and holds", async (system, metricsPath, scaling) => {
      const { verdict } = await withTestbed([system], (url) =>
        withPrometheus(url, metricsPath, (prometheus) =>
          gate([system, "--target", url, "--prometheus", prometheus, "--scenario", "smoke", ...scaling]),
        ),
      );
      const server = verdict.criteria.filter(({ kind }) => kind === "server");
      expect(server.length).toBeGreaterThanOrEqual(3);
      expect(server.map(({ id, status }) => `${id} ${status}`)).toEqual(server.map(({ id }) => `${id} pass`));
      expect(verdict.status).toBe("pass");
    });

    it("errors that the server counts fail the gate, and the observations are kept for judge", async () => {
      const { exitCode, verdict, run } = await withTestbed(["pynomaly", "--errors", "8%"], (url) =>
        withPrometheus(url, "/metrics", (prometheus) =>
          gate([
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
        gate([
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
