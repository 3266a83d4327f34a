import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import { temporaryFolder } from "./cli.ts";
import { freePort, until } from "./wait.ts";

interface Setup {
  /** Targets to scrape every second. */
  readonly scrape?: Target | readonly Target[];
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
  const targets = scrape === undefined ? [] : [scrape].flat();
  const { child, url } = await start("prometheus", [
    `--config.file=${scrapeConfig(folder, targets)}`,
    `--storage.tsdb.path=${data ?? join(folder, "data")}`,
    "--storage.tsdb.retention.time=100y",
    ...(writable ? ["--web.enable-remote-write-receiver", "--enable-feature=native-histograms"] : []),
  ]);
  try {
    if (targets.length > 0) await targetsAreUp(url, targets.length);
    return await use(url);
  } finally {
    child.kill("SIGTERM");
    await child;
  }
}

interface Target {
  readonly url: string;
  readonly path: string;
  readonly job?: string;
}

/** A configuration that both stores understand: every target, every second. */
export function scrapeConfig(folder: string, targets: readonly Target[]): string {
  const file = join(folder, "prometheus.yml");
  const jobs = targets.map(({ url, path, job = "api" }) => ({
    job_name: job,
    metrics_path: path,
    static_configs: [{ targets: [new URL(url).host] }],
  }));
  writeFileSync(file, JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: jobs }));
  return file;
}

/** Until so many targets answer the store's scrapes. */
export async function targetsAreUp(url: string, count: number): Promise<void> {
  await until(async () => {
    const answer = await (await fetch(`${url}/api/v1/query?query=sum(up)`)).json();
    return JSON.stringify(answer).includes(`"${count}"`);
  }, `${count} targets`);
}

/** A real VictoriaMetrics while `use` runs, with its defaults but for what tests cannot wait for. */
export async function withVictoriaMetrics<T>(
  { scrape, openMetrics }: { readonly scrape?: Target; readonly openMetrics?: string },
  use: (url: string) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder();
  const { child, url } = await start("victoriaMetrics", [
    `-storageDataPath=${join(folder, "data")}`,
    "-retentionPeriod=100y",
    // By default it closes a connection after two minutes, an import of a history in the middle as well.
    "-http.connTimeout=1h",
    ...(scrape ? [`-promscrape.config=${scrapeConfig(folder, [scrape])}`] : []),
  ]);
  try {
    if (openMetrics) await importInto(url, openMetrics);
    if (scrape)
      await until(
        async () => (await (await fetch(`${url}/targets`)).text()).includes("state=up"),
        "the target",
      );
    return await use(url);
  } finally {
    child.kill("SIGTERM");
    await child;
  }
}

/** VictoriaMetrics reads the text format, whose times are ms; those of OpenMetrics are seconds. */
async function importInto(url: string, openMetrics: string): Promise<void> {
  const body = openMetrics.replace(/^#.*\n/gm, "").replace(/ (\d+)$/gm, " $1000");
  await fetch(`${url}/api/v1/import/prometheus`, { method: "POST", body });
  // What was taken in is searchable after a flush.
  await fetch(`${url}/internal/force_flush`);
}

/** A port that was free may be taken by the time Prometheus listens, by a connection of a load beside it: then another. */
async function start(store: "prometheus" | "victoriaMetrics", args: readonly string[]) {
  const listen = store === "prometheus" ? "--web.listen-address" : "-httpListenAddr";
  const health = store === "prometheus" ? "/-/ready" : "/health";
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = execa(inject(store) as string, [...args, `${listen}=127.0.0.1:${port}`], {
      reject: false,
      stdio: "ignore",
    });
    const ended = child.then(() => "ended" as const);
    const ready = until(async () => (await fetch(`${url}${health}`)).ok, store).then(() => "ready" as const);
    if ((await Promise.race([ready, ended])) === "ready") return { child, url };
    ready.catch(() => {});
    if (attempt === 5) throw new Error(`${store} ended before it was ready, five times`);
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
  await backfillInto(text, data);
  return data;
}

export async function backfillInto(text: string, data: string): Promise<void> {
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
}
