import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import { temporaryFolder } from "./cli.ts";

interface Setup {
  /** A target to scrape every second. */
  readonly scrape?: { readonly url: string; readonly path: string };
  /** A folder of blocks made by `backfill`. */
  readonly data?: string;
  /** Takes remote writes, native histograms too. */
  readonly writable?: boolean;
}

/** A real Prometheus while `use` runs; ready, and its target up. */
export async function withPrometheus<T>(
  { scrape, data, writable = false }: Setup,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder();
  const jobs = scrape
    ? [
        {
          job_name: "api",
          metrics_path: scrape.path,
          static_configs: [{ targets: [new URL(scrape.url).host] }],
        },
      ]
    : [];
  writeFileSync(
    join(folder, "prometheus.yml"),
    JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: jobs }),
  );
  const { child, url } = await start([
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${data ?? join(folder, "data")}`,
    "--storage.tsdb.retention.time=100y",
    ...(writable ? ["--web.enable-remote-write-receiver", "--enable-feature=native-histograms"] : []),
  ]);
  try {
    if (scrape)
      await until(async () =>
        JSON.stringify(await (await fetch(`${url}/api/v1/query?query=up`)).json()).includes('"1"'),
      );
    return await use(url);
  } finally {
    child.kill("SIGTERM");
    await child;
  }
}

/** A port that was free may be taken by the time Prometheus listens, by a connection of a load beside it: then another. */
async function start(args: readonly string[]) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = execa(inject("prometheus") as string, [...args, `--web.listen-address=127.0.0.1:${port}`], {
      reject: false,
      stdio: "ignore",
    });
    const ended = child.then(() => "ended" as const);
    const ready = until(async () => (await fetch(`${url}/-/ready`)).ok).then(() => "ready" as const);
    if ((await Promise.race([ready, ended])) === "ready") return { child, url };
    ready.catch(() => {});
    if (attempt === 5) throw new Error("Prometheus ended before it was ready, five times");
  }
}

/** OpenMetrics text as blocks a Prometheus can be started on. */
export async function backfill(openMetrics: string): Promise<string> {
  const text = join(temporaryFolder(), "history.txt");
  writeFileSync(text, openMetrics);
  return await backfillFile(text);
}

export async function backfillFile(text: string): Promise<string> {
  const data = join(temporaryFolder(), "data");
  const promtool = (inject("prometheus") as string).replace(/prometheus$/, "promtool");
  // Without the longer blocks a month takes minutes.
  await execa(promtool, [
    "tsdb",
    "create-blocks-from",
    "openmetrics",
    "--max-block-duration=768h",
    text,
    data,
  ]);
  return data;
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
