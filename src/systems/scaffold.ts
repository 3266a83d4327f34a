import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../model/problem.ts";
import { packageRoot } from "./find-root.ts";

/** Files of a new system by their path under the root. Everything in them works as it stands. */
export function scaffold(slug: string): Record<string, string> {
  return {
    [`thresholds/${slug}.yaml`]: thresholds(slug),
    [`scenarios/${slug}/journey.ts`]: JOURNEY,
    [`scenarios/${slug}/testbed.ts`]: TESTBED,
    ...Object.fromEntries(
      Object.entries(LOADS).map(([shape, load]) => [
        `scenarios/${slug}/${shape}.ts`,
        scenario(load.doc, load.body),
      ]),
    ),
  };
}

/** Writes a new system, and scenarios/lib where the root does not have it. Touches nothing that exists. */
export function writeSystem(root: string, slug: string): string[] {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(slug)) {
    throw InputError.option(`"${slug}" is no name for a system`, "Use lower-case letters, digits and dashes");
  }
  const files = scaffold(slug);
  const folder = join(root, "scenarios", slug);
  const taken = [folder, join(root, "thresholds", `${slug}.yaml`)].filter(existsSync);
  if (taken.length > 0) {
    throw new InputError(
      taken.map((file) => ({
        file,
        message: "exists already",
        remedy: "Choose another name, or remove it first",
      })),
    );
  }
  const made = join(root, "scenarios", `.${slug}.${process.pid}.tmp`);
  mkdirSync(made, { recursive: true });
  mkdirSync(join(root, "thresholds"), { recursive: true });
  try {
    for (const [path, text] of Object.entries(files))
      writeFileSync(join(made, path.split("/").at(-1) ?? path), text);
    renameSync(join(made, `${slug}.yaml`), join(root, "thresholds", `${slug}.yaml`));
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  const lib = join(root, "scenarios", "lib");
  const written = Object.keys(files);
  if (existsSync(lib)) return written;
  cpSync(join(packageRoot(), "scenarios", "lib"), lib, { recursive: true });
  return [...written, "scenarios/lib/"];
}

const JOURNEY = `import type { Journey } from "../lib/journey.ts";

/** What one user does, step by step. Replace the endpoints by your own; \`headroom check\` tells what is missing. */
const journey: Journey = {
  title: "My service",
  // login: { endpoint: "login", method: "POST", path: "/login",
  //   body: ({ env }) => ({ email: env("HEADROOM_EMAIL", "me@example.com"), password: env("HEADROOM_PASSWORD", "secret") }),
  //   extract: (answer) => ({ token: answer.json("access_token") }) },
  steps: [
    { endpoint: "health", method: "GET", path: "/health", share: 0.1 },
    {
      endpoint: "items",
      method: "GET",
      path: "/api/items",
      checks: { "is a list": (answer) => Array.isArray(answer.json("items")) },
      extract: (answer) => ({ item: answer.json("items.0.id") }),
    },
    { endpoint: "item", method: "GET", path: "/api/items/{item}" },
    { endpoint: "item-create", method: "POST", path: "/api/items", body: { name: "load test" }, expect: [201], share: 0.2, pauseSeconds: 1 },
  ],
};

export default journey;
`;

const TESTBED = `import type { Testbed } from "../lib/testbed.ts";

/** The stand-in that \`headroom testbed\` serves: how long each endpoint takes and what it answers. */
const testbed: Testbed = {
  workers: 16,
  endpoints: {
    health: { medianMs: 3, p95Ms: 10 },
    items: { medianMs: 20, p95Ms: 60, answer: () => ({ body: { items: [{ id: "a1" }] } }) },
    item: { medianMs: 12, p95Ms: 40, answer: ({ params }) => ({ body: { id: params.item } }) },
    "item-create": { medianMs: 45, p95Ms: 120, answer: () => ({ status: 201, body: { id: "a2" } }) },
  },
  metrics: [
    { name: "http_requests_total", type: "requests", by: ["method", "status"] },
    { name: "http_request_duration_seconds", type: "durations" },
  ],
};

export default testbed;
`;

const thresholds = (
  slug: string,
) => `# Criteria of ${slug}. \`gate\` decides the verdict, \`warn\` is reported beside it. Every criterion says why.
schema: headroom/thresholds@1
system: ${slug}

client:
  - id: error-ratio
    metric: http_req_failed
    stat: rate
    max: 1%
    severity: gate
    why: Replace by where your error budget comes from.

  - id: p95
    metric: http_req_duration
    phase: steady
    stat: p95
    max: 300ms
    severity: gate
    why: Replace by where your latency target comes from.

server:
  - id: server-errors
    query: 1 - sum(rate(http_requests_total{status!~"5.."}[1m])) / sum(rate(http_requests_total[1m]))
    unit: ratio
    max: 1%
    severity: gate
    why: Errors as the service counts them; looked at when a Prometheus is named.
`;

const LOADS: Record<string, { doc: string; body: string }> = {
  smoke: { doc: "Requests/s, under a minute: does it work at all.", body: hold(10, "30s", "5s") },
  average: {
    doc: "Requests/s of an ordinary busy hour.",
    body: staged([
      ["1m", 50],
      ["8m", 50],
      ["1m", 0],
    ]),
  },
  stress: {
    doc: "Requests/s, half as much again as the busy hour.",
    body: staged([
      ["1m", 50],
      ["2m", 50],
      ["1m", 75],
      ["5m", 75],
      ["1m", 0],
    ]),
  },
  spike: {
    doc: "Requests/s, a sudden multiple and the recovery from it.",
    body: staged([
      ["30s", 50],
      ["1m", 50],
      ["10s", 200, "spike"],
      ["1m", 200, "spike"],
      ["10s", 50, "recovery"],
      ["1m", 50, "recovery"],
    ]),
  },
  soak: {
    doc: "Requests/s, two hours at the average: leaks and drift.",
    body: staged([
      ["2m", 50],
      ["2h", 50],
      ["1m", 0],
    ]),
  },
  breakpoint: {
    doc: "Requests/s, a ladder until the SLA breaks.",
    body: staged(
      [50, 100, 150, 200, 300].flatMap((rate): [string, number][] => [
        ["5s", rate],
        ["1m", rate],
      ]),
    ),
  },
};

function hold(rate: number, time: string, warmUp: string): string {
  return `{\n  model: "open",\n  start: ${rate},\n  stages: [\n    { duration: "${warmUp}", target: ${rate}, phase: "warm-up" },\n    { duration: "${time}", target: ${rate} },\n  ],\n}`;
}

function staged(stages: readonly (readonly [string, number, string?])[]): string {
  const lines = stages.map(
    ([duration, target, phase]) =>
      `    { duration: "${duration}", target: ${target}${phase ? `, phase: "${phase}"` : ""} },`,
  );
  return `{\n  model: "open",\n  stages: [\n${lines.join("\n")}\n  ],\n}`;
}

const scenario = (doc: string, load: string) => `import { bind } from "../lib/bind.ts";
import type { Load } from "../lib/load.ts";
import journey from "./journey.ts";

/** ${doc} */
export const load: Load = ${load};

export const { options, setup, iteration, teardown } = bind(journey, load);
export default iteration;
`;
