import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { fetchHistory } from "../../src/planner/fetch-history.ts";
import { parseProfile } from "../../src/planner/profile/load-profile.ts";
import { PrometheusClient } from "../../src/prometheus/client.ts";
import { connectionFrom } from "../../src/prometheus/connection.ts";
import { countersOf } from "../../src/prometheus/counters.ts";
import { parseYaml } from "../../src/systems/read-yaml.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const HOUR_MS = 3_600_000;
const window = { endMs: 10 * HOUR_MS + 1234, lengthMs: 4 * HOUR_MS, stepMs: HOUR_MS, scrapeMs: 15_000 };

const profileOf = (queries: Record<string, string>) =>
  parseProfile(
    parseYaml(
      JSON.stringify({
        schema: "headroom/profile@1",
        system: "shop",
        signals: Object.entries(queries).map(([id, query]) => ({
          id,
          role: "demand",
          unit: "per-second",
          query,
          why: "what is asked of it",
        })),
        sizing: [
          {
            resource: "api",
            sizer: "instances",
            with: {
              current: 1,
              drivers: [{ name: "CPU", demand: Object.keys(queries)[0], documented: { each: 1 } }],
            },
            why: "one for each request",
          },
        ],
      }),
      "x",
    ),
    "x",
  );

/** Answers each query by its text; the asked windows are kept. */
async function fetchFrom(
  queries: Record<string, string>,
  answer: (query: string, form: URLSearchParams) => { status?: number; body: object },
  asking = window,
) {
  const asked: URLSearchParams[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    asked.push(form);
    const query = form.get("query") ?? "";
    const { status = 200, body } = query === "vector(1)" ? { body: matrix([]) } : answer(query, form);
    response.statusCode = status;
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = new PrometheusClient(connectionFrom(`http://127.0.0.1:${port}`, {}));
  return { history: fetchHistory(profileOf(queries), client, asking, "here"), asked };
}

const matrix = (series: [number, string][][], warnings?: string[]) => ({
  status: "success",
  ...(warnings ? { warnings } : {}),
  data: {
    resultType: "matrix",
    result: series.map((values, at) => ({ metric: { at: String(at) }, values })),
  },
});

describe("fetchHistory", () => {
  it("lies on multiples of the step, keeps holes as holes, leaves out what nobody asked for, and fills in the rate window", async () => {
    const { history, asked } = await fetchFrom({ requests: "sum(rate(x[$window]))" }, (query) =>
      query.includes("resets")
        ? { body: matrix([[[9 * 3600, "3"]]]) }
        : {
            body: matrix([
              [
                [6 * 3600, "4"],
                [7 * 3600, "5"],
                [9 * 3600, "NaN"],
                [10 * 3600, "6"],
                [11 * 3600, "7"],
              ],
            ]),
          },
    );
    expect(await history).toEqual({
      schema: "headroom/history@1",
      system: "shop",
      source: "here",
      start: "1970-01-01T07:00:00.000Z",
      end: "1970-01-01T10:00:00.000Z",
      stepSeconds: 3600,
      signals: [
        {
          id: "requests",
          query: "sum(rate(x[3600s]))",
          values: [5, null, null, 6],
          resets: 3,
          truncated: false,
          warnings: [],
          failure: null,
        },
      ],
    });
    expect(asked.map((form) => form.get("query"))).toEqual([
      "vector(1)",
      "sum(rate(x[3600s]))",
      "sum(resets(x[10800s]))",
    ]);
  });

  it("keeps what failed beside what did not: two series, none, an error, a truncated answer", async () => {
    const queries = { good: "a", two: "b", none: "c", wrong: "d", cut: "e" };
    const { history } = await fetchFrom(queries, (query) => {
      const points: [number, string][] = [[10 * 3600, "1"]];
      if (query === "b") return { body: matrix([points, points]) };
      if (query === "c") return { body: matrix([]) };
      if (query === "d") return { status: 400, body: { status: "error", error: "unknown function" } };
      if (query === "e") return { body: matrix([points], ["results truncated due to limit"]) };
      return { body: matrix([points]) };
    });
    const byId = Object.fromEntries((await history).signals.map((signal) => [signal.id, signal]));
    expect(byId.good).toMatchObject({ failure: null, values: [null, null, null, 1], resets: 0 });
    expect(byId.two?.failure).toMatch(/^the query gives 2 series where one is needed/);
    expect(byId.none?.failure).toBe("the query gives no samples");
    expect(byId.wrong?.failure).toContain("unknown function");
    expect(byId.cut).toMatchObject({
      truncated: true,
      warnings: ["results truncated due to limit"],
      failure: null,
    });
  });

  it("fails as a whole when every query does", async () => {
    const { history } = await fetchFrom({ wrong: "d" }, () => ({
      status: 400,
      body: { status: "error", error: "no" },
    }));
    await expect(history).rejects.toThrow(/says: no/);
  });

  it("does without the resets where they cannot be counted", async () => {
    const { history } = await fetchFrom({ requests: "rate(x[5m])" }, (query) =>
      query.includes("resets")
        ? { status: 400, body: { status: "error", error: "too slow" } }
        : { body: matrix([[[10 * 3600, "1"]]]) },
    );
    expect((await history).signals[0]).toMatchObject({
      resets: null,
      failure: null,
      warnings: [expect.stringContaining("too slow")],
    });
  });
});

describe("countersOf", () => {
  it.each([
    [
      'sum(rate(a_total{x="y"}[5m])) + sum by (z) (increase(b_total[1h] offset 1d))',
      ['a_total{x="y"}', "b_total"],
    ],
    ["irate(a[1m]) / irate(a[1m])", ["a"]],
    ["max_over_time(gauge[1h])", []],
    ["gauge", []],
  ])("%s", (query, counters) => expect(countersOf(query)).toEqual(counters));

  it("asks for a year in hours before the last ninety days, and begins where the server does", async () => {
    const DAY = 86_400;
    const end = 400 * DAY;
    const long = { endMs: end * 1000, lengthMs: 400 * DAY * 1000, stepMs: HOUR_MS / 2, scrapeMs: 15_000 };
    const from = (first: number) => (_: string, form: URLSearchParams) => {
      const [start, stop, step] = ["start", "end", "step"].map((name) =>
        Number.parseFloat(form.get(name) ?? "0"),
      );
      const points: [number, string][] = [];
      for (let at = start as number; at <= (stop as number); at += step as number)
        if (at >= first) points.push([at, "5"]);
      return { body: matrix(points.length > 0 ? [points] : []) };
    };
    const kept = await (await fetchFrom({ stored: "sum(x)" }, from(100 * DAY), long)).history;
    expect(kept.stepSeconds).toBe(1800);
    expect(kept.signals[0]?.values).toHaveLength(90 * 48);
    expect(kept.signals[0]?.older).toMatchObject({ stepSeconds: 3600 });
    expect(kept.signals[0]?.older?.values.filter((value) => value !== null)).toHaveLength(210 * 24 + 1);
    server?.closeAllConnections();
    server?.close();
    const short = await (await fetchFrom({ stored: "sum(x)" }, from(370 * DAY), long)).history;
    expect(short.signals[0]).not.toHaveProperty("older");
    expect(Date.parse(short.start)).toBe(370 * DAY * 1000);
    expect(short.signals[0]?.values).toHaveLength(30 * 48 + 1);
  });
});
