import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { requestsPerIteration } from "../../scenarios/lib/frequency.ts";
import { allSteps, type Journey, type Step } from "../../scenarios/lib/journey.ts";
import type { Testbed, TestbedAnswer, TestbedEndpoint, TestbedState } from "../../scenarios/lib/testbed.ts";
import { messageOf } from "../model/problem.ts";
import { seededRandom } from "../stats/random.ts";
import { type Faults, faultOf } from "./faults.ts";
import { exportMetrics } from "./metrics.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { drawServiceMs, meanServiceMs } from "./service-time.ts";
import { WorkerPool } from "./worker-pool.ts";

/** The `Server` of every answer: what is loaded is a stand-in and spends nothing. */
export const TESTBED = "headroom-testbed";

const QUEUE_LIMIT = 1000;
const USUAL: TestbedEndpoint = { medianMs: 20, p95Ms: 60 };
const LARGEST_BODY_BYTES = 1024 * 1024;

export interface TestbedSettings {
  /** 0 takes a free port. */
  readonly port: number;
  /** Requests one instance serves at once. */
  readonly workers: number;
  /** Instances behind a balancer that gives each the next request in turn. */
  readonly instances?: number;
  readonly faults: Faults;
  readonly seed: number;
  /** Where an instance keeps its data, if anywhere; an answer waits for it, and is 500 when it fails. */
  readonly storage?: (endpoint: string) => Promise<void>;
}

export interface RunningTestbed {
  readonly url: string;
  /** Requests per second of the journey's mix at which the workers are always busy. */
  readonly capacityPerSecond: number;
  close(): Promise<void>;
}

/** Requests/s at which a testbed saturates: workers / mean service time of the journey's mix. */
function capacityOf(journey: Journey, testbed: Testbed, workers: number, faults: Faults): number {
  const busyMs = journey.steps.reduce((sum, { endpoint, share = 1 }) => {
    const longer = 1 + faultOf(faults.slower, endpoint, true);
    return sum + share * longer * meanServiceMs(testbed.endpoints[endpoint] ?? USUAL);
  }, 0);
  return (workers * 1000 * requestsPerIteration(journey)) / busyMs;
}

interface Route {
  readonly step: Step;
  readonly endpoint: TestbedEndpoint;
  readonly pattern: RegExp;
  readonly needsToken: boolean;
}

/** Serves a journey's endpoints on loopback. */
export async function serveTestbed(
  journey: Journey,
  testbed: Testbed,
  settings: TestbedSettings,
): Promise<RunningTestbed> {
  const random = seededRandom(settings.seed);
  const pools = Array.from(
    { length: settings.instances ?? 1 },
    () => new WorkerPool(settings.workers, testbed.queueLimit ?? QUEUE_LIMIT),
  );
  const sumOver = (read: (pool: WorkerPool) => number) => pools.reduce((sum, pool) => sum + read(pool), 0);
  let turn = 0;
  const limiter =
    settings.faults.rateLimitPerMinute === null ? null : new RateLimiter(settings.faults.rateLimitPerMinute);
  const routes = routesOf(journey, testbed);
  const tokens = new Set<string>();
  const counts = { requests: 0, failed: 0, inFlight: 0 };
  const startedMs = performance.now();
  const state = (): TestbedState => {
    const nowMs = performance.now();
    return {
      ...counts,
      workers: sumOver(({ workers }) => workers),
      busyWorkers: sumOver((pool) => pool.busy(nowMs)),
      queued: sumOver((pool) => pool.queued(nowMs)),
      busySeconds: sumOver(({ busySeconds }) => busySeconds),
      uptimeSeconds: (nowMs - startedMs) / 1000,
    };
  };
  const metrics = exportMetrics(testbed.metrics ?? [], state);
  const metricsPaths = new Set(["/metrics", testbed.metricsPath ?? "/metrics"]);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedMs = performance.now();
    const url = new URL(request.url ?? "/", "http://testbed");
    if (metricsPaths.has(url.pathname) && request.method === "GET") {
      response.setHeader("Content-Type", metrics.contentType);
      response.end(await metrics.text());
      return;
    }
    const route = routes.find(
      ({ step, pattern }) => step.method === request.method && pattern.test(url.pathname),
    );
    const body = await readBody(request);
    counts.inFlight++;
    const { answer: own, waitMs } = respond(route, request, body, url, arrivedMs);
    const [answer] = await Promise.all([
      stored(route, own),
      waitMs > 0 ? new Promise((resolve) => setTimeout(resolve, waitMs)) : null,
    ]);
    counts.inFlight--;
    counts.requests++;
    const status = answer.status ?? 200;
    if (status >= 500) counts.failed++;
    metrics.observe({
      endpoint: route?.step.endpoint ?? "unknown",
      method: request.method ?? "GET",
      status,
      seconds: (performance.now() - arrivedMs) / 1000,
    });
    response.writeHead(status, { "Content-Type": "application/json", Server: TESTBED, ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }

  async function stored(route: Route | undefined, answer: TestbedAnswer): Promise<TestbedAnswer> {
    try {
      if (route !== undefined) await settings.storage?.(route.step.endpoint);
      return answer;
    } catch (thrown) {
      return { status: 500, body: { error: messageOf(thrown) } };
    }
  }

  function respond(
    route: Route | undefined,
    request: IncomingMessage,
    body: unknown,
    url: URL,
    nowMs: number,
  ): { answer: TestbedAnswer; waitMs: number } {
    const now = (answer: TestbedAnswer) => ({ answer, waitMs: 0 });
    const retryAfter = limiter?.refuse(request.socket.remoteAddress ?? "", nowMs) ?? null;
    if (retryAfter !== null)
      return now({
        status: 429,
        body: { error: "rate limit" },
        headers: { "Retry-After": String(retryAfter) },
      });
    if (!route) return now({ status: 404, body: { error: "no such endpoint" } });
    if (route.needsToken && !tokens.has((request.headers.authorization ?? "").replace(/^Bearer /, ""))) {
      return now({ status: 401, body: { error: "log in first" } });
    }
    const { endpoint: name } = route.step;
    const isStep = journey.steps.includes(route.step);
    const pool = pools[turn++ % pools.length] as WorkerPool;
    const serviceMs =
      drawServiceMs(route.endpoint, random) * (1 + faultOf(settings.faults.slower, name, isStep));
    const doneMs = pool.admit(nowMs, serviceMs);
    if (doneMs === null) return now({ status: 503, body: { error: "queue is full" } });
    const waitMs = doneMs - nowMs + faultOf(settings.faults.slowMs, name, isStep);
    if (random() < faultOf(settings.faults.errors, name, isStep))
      return { answer: { status: 500, body: { error: "internal error" } }, waitMs };
    const params = route.pattern.exec(url.pathname)?.groups ?? {};
    const answer = route.endpoint.answer?.({ body, params: { ...params }, query: url.searchParams }) ?? {
      body: {},
    };
    if (route.step === journey.login) rememberToken(journey, answer, tokens);
    return { answer, waitMs };
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 75_000; // as nginx and most load balancers
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    capacityPerSecond: capacityOf(journey, testbed, settings.workers * pools.length, settings.faults),
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function routesOf(journey: Journey, testbed: Testbed): Route[] {
  return allSteps(journey).map((step) => ({
    step,
    endpoint: testbed.endpoints[step.endpoint] ?? USUAL,
    pattern: toPattern(step.path),
    needsToken: journey.login !== undefined && step !== journey.login && step.authorized !== false,
  }));
}

/** `/status/{id}?full=1` → a pattern of its path with a group for each placeholder. */
function toPattern(path: string): RegExp {
  const source = (path.split("?")[0] as string)
    .split(/(\{\w+\})/)
    .map((part) =>
      /^\{\w+\}$/.test(part) ? `(?<${part.slice(1, -1)}>[^/]+)` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
    );
  return new RegExp(`^${source.join("")}$`);
}

/** The token a journey's login would take from this answer. */
function rememberToken(journey: Journey, answer: TestbedAnswer, tokens: Set<string>): void {
  const json = (path?: string): unknown =>
    (path ?? "")
      .split(".")
      .filter(Boolean)
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], answer.body);
  const token = journey.login?.extract?.({
    status: answer.status ?? 200,
    durationMs: 0,
    json,
    header: () => undefined,
  }).token;
  if (typeof token === "string") tokens.add(token);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY_BYTES) throw new Error("body too large");
    chunks.push(chunk);
  }
  if (length === 0) return undefined;
  const text = Buffer.concat(chunks).toString("utf8");
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
