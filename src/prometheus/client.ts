import { Agent } from "node:https";
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from "axios";
import { z } from "zod";
import { messageOf, ToolError } from "../model/problem.ts";

const TIMEOUT_MS = 60_000;
const ATTEMPTS = 4;

export interface PrometheusOptions {
  /** Base URL, a path prefix such as /prometheus included. */
  readonly url: string;
  readonly bearerToken?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ca?: string | undefined;
}

/** One series of an answer; samples that are NaN or infinite are left out, never turned into numbers. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly timeMs: number; readonly value: number }[];
}
export interface QueryResult {
  readonly series: readonly Series[];
  readonly warnings: readonly string[];
}

const Point = z.tuple([z.number(), z.string()]);
const Labels = z.record(z.string(), z.string());
const Answer = z.object({
  status: z.literal("success"),
  warnings: z.array(z.string()).optional(),
  data: z.discriminatedUnion("resultType", [
    z.object({
      resultType: z.literal("matrix"),
      result: z.array(z.object({ metric: Labels, values: z.array(Point) })),
    }),
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ metric: Labels, value: Point })),
    }),
    z.object({ resultType: z.literal("scalar"), result: Point }),
  ]),
});

/** Talks to one Prometheus-compatible server. Every failure is a ToolError without the credentials. */
export class PrometheusClient {
  readonly #http: AxiosInstance;
  readonly #name: string;

  constructor(options: PrometheusOptions) {
    this.#name = withoutCredentials(options.url);
    this.#http = axios.create({
      baseURL: options.url.replace(/\/+$/, ""),
      timeout: TIMEOUT_MS,
      maxContentLength: 512 * 1024 * 1024,
      validateStatus: () => true,
      headers: {
        ...options.headers,
        ...(options.bearerToken ? { Authorization: `Bearer ${options.bearerToken}` } : {}),
      },
      ...(options.ca ? { httpsAgent: new Agent({ ca: options.ca }) } : {}),
    });
  }

  /** The query at one instant. */
  async instant(query: string, atMs: number): Promise<QueryResult> {
    return await this.#ask("/api/v1/query", { query, time: String(atMs / 1000) });
  }

  /** The query at every step of a window, both ends included. */
  async range(query: string, startMs: number, endMs: number, stepMs: number): Promise<QueryResult> {
    return await this.#ask("/api/v1/query_range", {
      query,
      start: String(startMs / 1000),
      end: String(endMs / 1000),
      step: String(stepMs / 1000),
    });
  }

  /** POST, because a query may be longer than a URL may be. Overload and network trouble are tried again. */
  async #ask(path: string, form: Record<string, string>): Promise<QueryResult> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#post(path, form);
      if ("data" in answer) return parseAnswer(answer, this.#name);
      if (attempt === ATTEMPTS)
        throw new ToolError(`${this.#name} ${answer.trouble}`, "Check the URL and that the server is up");
      await new Promise((resolve) =>
        setTimeout(resolve, answer.waitMs ?? 250 * 2 ** attempt * (0.5 + Math.random())),
      );
    }
  }

  async #post(
    path: string,
    form: Record<string, string>,
  ): Promise<AxiosResponse | { trouble: string; waitMs?: number }> {
    try {
      const answer = await this.#http.post(path, new URLSearchParams(form).toString());
      if (answer.status !== 429 && answer.status !== 503) return answer;
      const seconds = Number(answer.headers["retry-after"]);
      return {
        trouble: `answers ${answer.status}`,
        ...(seconds > 0 ? { waitMs: Math.min(seconds, 60) * 1000 } : {}),
      };
    } catch (thrown) {
      const code = isAxiosError(thrown) ? (thrown.code ?? thrown.message) : messageOf(thrown);
      return { trouble: `cannot be reached (${code})` };
    }
  }
}

function parseAnswer(answer: AxiosResponse, name: string): QueryResult {
  if (answer.status === 401 || answer.status === 403) {
    throw new ToolError(`${name} answers ${answer.status}`, "Give a token in HEADROOM_PROMETHEUS_TOKEN");
  }
  const parsed = Answer.safeParse(answer.data);
  if (!parsed.success) {
    const error = (answer.data as { error?: unknown } | null)?.error;
    const what =
      typeof error === "string"
        ? error
        : `an answer that is not the Prometheus API's (status ${answer.status})`;
    throw new ToolError(`${name} says: ${what}`, "Check the URL (its path prefix too) and the query");
  }
  const { data, warnings = [] } = parsed.data;
  return { series: toSeries(data), warnings };
}

function toSeries(data: z.infer<typeof Answer>["data"]): Series[] {
  switch (data.resultType) {
    case "matrix":
      return data.result.map(({ metric, values }) => ({ labels: metric, points: toPoints(values) }));
    case "vector":
      return data.result.map(({ metric, value }) => ({ labels: metric, points: toPoints([value]) }));
    case "scalar":
      return [{ labels: {}, points: toPoints([data.result]) }];
  }
}

function toPoints(pairs: readonly [number, string][]): { timeMs: number; value: number }[] {
  return pairs
    .map(([seconds, text]) => ({ timeMs: seconds * 1000, value: Number(text) }))
    .filter(({ value }) => Number.isFinite(value));
}

/** A URL fit for messages and files: user and password replaced, no query. */
export function withoutCredentials(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.username !== "" || parsed.password !== "") {
      parsed.username = "***";
      parsed.password = "";
    }
    parsed.search = "";
    return parsed.toString().replace(/\/$/, "");
  } catch {
    return "the URL";
  }
}
