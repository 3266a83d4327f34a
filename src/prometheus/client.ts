import { Agent } from "node:https";
import axios, { type AxiosInstance, isAxiosError, isCancel } from "axios";
import pLimit from "p-limit";
import { messageOf, ToolError } from "../model/problem.ts";
import { type Chunk, halve, planChunks } from "./chunks.ts";
import type { Connection } from "./connection.ts";
import { type HistogramSeries, parseHistograms } from "./histogram.ts";
import { withoutCredentials } from "./redact-url.ts";
import { joinResults, parseAnswer, parseRange, type QueryResult } from "./series.ts";

/** Prometheus itself gives up on a query after two minutes (--query.timeout). */
const TIMEOUT_MS = 120_000;
/** Tries at one request that meets network trouble or a server that is overloaded. */
const ATTEMPTS = 4;
/** Waits a server may ask for (429) before it counts as unavailable. */
const MOST_WAITS = 10;
const LONGEST_WAIT_MS = 60_000;
/** Prometheus runs 20 queries at once for everybody; this leaves most of them to others. */
const CONCURRENCY = 4;
const LIMITS = { answerBytes: 512 * 1024 * 1024, timeoutMs: TIMEOUT_MS };

/** On loopback compressing costs the server twice the time that everything else takes. */
const UNCOMPRESSED = { "Accept-Encoding": "identity" };
const isLoopback = (url: string) => /^(localhost|127\..*|\[::1\])$/.test(new URL(url).hostname);

const PAUSE_MS = 250;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Thrown when a window asks for more than the server gives at once: the caller may ask for less. */
class TooMuch extends Error {}

type Tried =
  | { readonly kind: "answer"; readonly status: number; readonly body: unknown }
  | { readonly kind: "wait"; readonly waitMs: number; readonly trouble: string }
  | { readonly kind: "trouble"; readonly trouble: string };

/**
 * Talks to one Prometheus-compatible server. Windows longer than it gives at once are cut into chunks, halved where
 * it still refuses (422, 503); network trouble is tried again with jitter, 429 after the time it names; a query that took
 * two minutes is not asked again. Every failure is a ToolError that does not hold the credentials.
 */
export class PrometheusClient {
  readonly #http: AxiosInstance;
  readonly #name: string;
  readonly #params: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  #clockAheadMs = 0;
  /** Shared by everything this client is asked at once. */
  readonly #slots = pLimit(CONCURRENCY);

  constructor(connection: Connection, { answerBytes, timeoutMs } = LIMITS) {
    this.#name = withoutCredentials(connection.url);
    this.#params = connection.params;
    this.#timeoutMs = timeoutMs;
    const { ca, cert, key } = connection;
    this.#http = axios.create({
      baseURL: connection.url.replace(/\/+$/, ""),
      maxContentLength: answerBytes,
      maxRedirects: 5,
      beforeRedirect: ({ href }) => requireSameServer(connection.url, String(href)),
      validateStatus: () => true,
      headers: { ...(isLoopback(connection.url) ? UNCOMPRESSED : {}), ...connection.headers },
      ...(connection.basic ? { auth: connection.basic } : {}),
      ...(ca || cert ? { httpsAgent: new Agent({ ca, cert, key, keepAlive: true }) } : {}),
    });
  }

  /** How far the server's clock was ahead of this machine's at its last answer, ms, to a second or so; 0 before one. */
  get clockAheadMs(): number {
    return this.#clockAheadMs;
  }

  /** The query at one instant. */
  async instant(query: string, atMs: number): Promise<QueryResult> {
    return await this.#slots(() =>
      this.#ask("/api/v1/query", { query, time: String(atMs / 1000) }, parseAnswer),
    );
  }

  /** The native histograms that the query answers at one instant. */
  async histograms(query: string, atMs: number): Promise<HistogramSeries[]> {
    return await this.#slots(() =>
      this.#ask("/api/v1/query", { query, time: String(atMs / 1000) }, parseHistograms),
    );
  }

  /** The query at every multiple of the step within a window, however long. */
  async range(query: string, startMs: number, endMs: number, stepMs: number): Promise<QueryResult> {
    const chunks = planChunks(startMs, endMs, stepMs);
    const results = await this.#slots.map(chunks, (chunk) => this.#chunk(query, chunk, stepMs));
    return joinResults(results);
  }

  async #chunk(query: string, chunk: Chunk, stepMs: number): Promise<QueryResult> {
    const [start, end, step] = [chunk.startMs, chunk.endMs, stepMs].map((ms) => String(ms / 1000)) as [
      string,
      string,
      string,
    ];
    try {
      return await this.#ask("/api/v1/query_range", { query, start, end, step }, parseRange);
    } catch (thrown) {
      const halves = thrown instanceof TooMuch ? halve(chunk, stepMs) : null;
      if (halves) await pause(PAUSE_MS); // a server that says 503 is also short of breath
      if (halves)
        return joinResults([
          await this.#chunk(query, halves[0], stepMs),
          await this.#chunk(query, halves[1], stepMs),
        ]);
      if (thrown instanceof TooMuch)
        throw this.#failure(
          thrown.message,
          "The query touches too many series even for one point: aggregate it",
        );
      throw thrown;
    }
  }

  #failure(message: string, remedy: string): ToolError {
    return new ToolError(`${this.#name} ${message}`, remedy);
  }

  async #ask<Result>(
    path: string,
    form: Record<string, string>,
    parse: (body: unknown) => Result | null,
  ): Promise<Result> {
    let attempts = 0;
    let waits = 0;
    for (;;) {
      const tried = await this.#post(path, form);
      if (tried.kind === "answer") return this.#read(tried.status, tried.body, path, parse);
      const isOver = tried.kind === "wait" ? ++waits >= MOST_WAITS : ++attempts >= ATTEMPTS;
      if (isOver) throw this.#failure(tried.trouble, "Check the URL and that the server is up");
      const backOffMs = PAUSE_MS * 2 ** attempts * (0.5 + Math.random());
      await pause(tried.kind === "wait" ? tried.waitMs : backOffMs);
    }
  }

  /** POST, because a query may be longer than a URL may be. */
  async #post(path: string, form: Record<string, string>): Promise<Tried> {
    try {
      const { status, data, headers } = await this.#http.post(
        path,
        new URLSearchParams({ ...this.#params, ...form }).toString(),
        // Not axios's own timeout, which an answer that comes by the byte never meets.
        { signal: AbortSignal.timeout(this.#timeoutMs) },
      );
      const serverMs = Date.parse(headers.date);
      // The header has whole seconds: in the middle of it the error is smallest.
      if (!Number.isNaN(serverMs)) this.#clockAheadMs = serverMs + 500 - Date.now();
      if (status === 429) {
        return {
          kind: "wait",
          waitMs: retryAfterMs(headers["retry-after"]),
          trouble: "answers 429 again and again",
        };
      }
      const isInstant = path.endsWith("/query");
      if (status === 502 || status === 504 || (status === 503 && isInstant))
        return { kind: "trouble", trouble: `answers ${status}` };
      return { kind: "answer", status, body: data };
    } catch (thrown) {
      if (/maxContentLength/.test(messageOf(thrown)))
        throw this.#failure(
          `answers with more than ${this.#http.defaults.maxContentLength} bytes`,
          "The query touches too many series: aggregate it",
        );
      if (isCancel(thrown))
        throw this.#failure(
          `gives no whole answer within ${this.#timeoutMs / 1000} s`,
          "Ask for less (--length, --step), or record what the query computes",
        );
      const elsewhere = redirectedElsewhere(thrown);
      if (elsewhere !== null)
        throw this.#failure(
          `redirects to another server, ${elsewhere}, which is not asked`,
          "Give that one's URL if it is the store: queries and credentials go to the server that was named",
        );
      const code = isAxiosError(thrown) ? (thrown.code ?? thrown.message) : messageOf(thrown);
      return { kind: "trouble", trouble: `cannot be reached (${code})` };
    }
  }

  #read<Result>(
    status: number,
    body: unknown,
    path: string,
    parse: (body: unknown) => Result | null,
  ): Result {
    if (status === 401 || status === 403) {
      throw this.#failure(
        `answers ${status}`,
        "Give a token in HEADROOM_PROMETHEUS_TOKEN, or user and password",
      );
    }
    const said = (body as { error?: unknown } | null)?.error;
    const error = typeof said === "string" ? said : `status ${status}`;
    if ((status === 422 || status === 503) && path.endsWith("_range")) throw new TooMuch(`says: ${error}`);
    const result = parse(body);
    if (result) return result;
    const what =
      typeof said === "string" ? said : `an answer that is not the Prometheus API's (status ${status})`;
    throw this.#failure(`says: ${what}`, "Check the URL (its path prefix too) and the query");
  }
}

class Elsewhere extends Error {}

/** A redirect may leave the path and go from http to https; queries, headers and credentials stay with their server. */
function requireSameServer(named: string, href: string): void {
  const [from, to] = [new URL(named), new URL(href)];
  const isUpgrade =
    from.protocol === "http:" && to.protocol === "https:" && from.port === "" && to.port === "";
  if (from.hostname === to.hostname && (from.origin === to.origin || isUpgrade)) return;
  throw new Elsewhere(to.origin);
}

/** What was thrown while a redirect was followed comes wrapped. */
function redirectedElsewhere(thrown: unknown): string | null {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if (error instanceof Elsewhere) return error.message;
  return null;
}

/** Seconds or an HTTP date; a second where neither is said. */
function retryAfterMs(header: unknown): number {
  const text = String(header ?? "");
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, LONGEST_WAIT_MS) : 1000;
}
