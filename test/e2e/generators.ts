import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import { parseAllDocuments } from "yaml";
import { gate, headroom, temporaryFolder } from "./cli.ts";

interface Manifest {
  readonly script: string;
  readonly parallelism: number;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/** What `export k6-operator` writes for a load, read back. */
export async function exported(args: readonly string[]): Promise<Manifest> {
  const file = join(temporaryFolder(), "testrun.yaml");
  const { exitCode, stderr } = await headroom(["export", "k6-operator", ...args, "--out", file]);
  if (exitCode !== 0) throw new Error(`export ended with ${exitCode}: ${stderr}`);
  const [configMap, testRun] = parseAllDocuments(readFileSync(file, "utf8")).map((one) => one.toJS());
  const { parallelism, runner, arguments: given } = testRun.spec;
  return {
    script: configMap.data["script.js"],
    parallelism,
    args: given.split(" "),
    env: Object.fromEntries(
      runner.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    ),
  };
}

/** Long enough for several writes of the generators, which write every 5 s. */
export const LOAD = ["--scenario", "smoke", "--duration", "12s", "--rate", "120"];

/** A run of ralph for so many generators, all of which write to one store. */
export const exportedRun = (
  prometheus: string,
  target: string,
  runId: string,
  generators: number,
  more: readonly string[] = [],
) =>
  exported([
    "ralph",
    ...["--target", target, "--parallelism", String(generators), "--run-id", runId],
    ...["--remote-write", `${prometheus}/api/v1/write`, ...LOAD, ...more],
  ]);

export const judge = (prometheus: string, runId: string, more: readonly string[] = []) =>
  gate(["--from-prometheus", prometheus, "--run-id", runId, ...more]);

export interface Generator {
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  kill(): void;
  /** Durations of its requests, ms, by their tags: k6's own record of every sample. */
  samples(): { ms: number; tags: Record<string, string> }[];
}

/**
 * One generator as k6-operator starts it (pkg/resources/jobs/runner.go): its execution segment, the manifest's
 * arguments, tags of its own. It also writes every sample to a file, which is the truth to compare with.
 *
 * @param target instead of the manifest's, for a generator that sees another part of the world
 */
export function startGenerator(manifest: Manifest, index: number, target?: string): Generator {
  const { parallelism: n, script, args, env } = manifest;
  const at = (part: number) => (part === 0 ? "0" : part === n ? "1" : `${part}/${n}`);
  const sequence = Array.from({ length: n + 1 }, (_, part) => at(part)).join(",");
  const segments =
    n === 1
      ? []
      : ["--execution-segment", `${at(index - 1)}:${at(index)}`, "--execution-segment-sequence", sequence];
  const raw = join(temporaryFolder(), "raw.json");
  const tags = ["--tag", `instance_id=${index}`, "--tag", "job_name=run"];
  const child = execa(
    inject("k6") as string,
    ["run", "--quiet", ...segments, ...args, "--out", `json=${raw}`, "-", ...tags],
    {
      input: script,
      env: { ...env, ...(target === undefined ? {} : { TARGET: target }) },
      reject: false,
      stdout: "ignore",
      stderr: "ignore",
    },
  );
  return {
    ended: child,
    kill: () => child.kill("SIGKILL"),
    samples: () =>
      readFileSync(raw, "utf8")
        .split("\n")
        .filter((line) => line.includes('"http_req_duration"') && line.includes('"Point"'))
        .map((line) => JSON.parse(line) as { data: { value: number; tags: Record<string, string> } })
        .map(({ data }) => ({ ms: data.value, tags: data.tags })),
  };
}
