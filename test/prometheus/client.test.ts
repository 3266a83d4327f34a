import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { PrometheusClient } from "../../src/prometheus/client.ts";
import { connectionFrom } from "../../src/prometheus/connection.ts";
import { withoutCredentials } from "../../src/prometheus/redact-url.ts";

// What a real Prometheus does not do on request.
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(
  listener: RequestListener,
  env: Record<string, string> = {},
  limits?: ConstructorParameters<typeof PrometheusClient>[1],
): Promise<PrometheusClient> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return new PrometheusClient(connectionFrom(`http://127.0.0.1:${port}/prometheus/`, env), limits);
}
function every(ms: number, response: ServerResponse, text: string): void {
  const timer = setInterval(() => response.write(text), ms);
  response.on("close", () => clearInterval(timer));
}
const matrix = (values: [number, string][]) =>
  JSON.stringify({
    status: "success",
    data: { resultType: "matrix", result: [{ metric: { pod: "a" }, values }] },
  });

async function formOf(request: IncomingMessage): Promise<Record<string, number>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  return { start: Number(form.get("start")), end: Number(form.get("end")), step: Number(form.get("step")) };
}

describe("PrometheusClient", () => {
  it("posts the query under the path prefix with its credentials, and keeps gaps and NaN absent", async () => {
    const seen: string[] = [];
    const client = await serve(
      (request, response) => {
        seen.push(
          `${request.method} ${request.url} ${request.headers.authorization} ${request.headers["x-scope-orgid"]}`,
        );
        response.end(
          matrix([
            [1, "0.5"],
            [2, "NaN"],
            [3, "+Inf"],
            [5, "0.7"],
          ]),
        );
      },
      { HEADROOM_PROMETHEUS_TOKEN: "canary-token", HEADROOM_PROMETHEUS_HEADERS: "X-Scope-OrgID: team-a" },
    );
    const { series } = await client.range("up", 1000, 5000, 1000);
    expect(seen).toEqual(["POST /prometheus/api/v1/query_range Bearer canary-token team-a"]);
    expect([[...(series[0]?.timesMs ?? [])], [...(series[0]?.values ?? [])]]).toEqual([
      [1000, 5000],
      [0.5, 0.7],
    ]);
  });

  it("sends the parameters of its URL with every query: partial responses, resolution", async () => {
    const seen: string[] = [];
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      seen.push(`${request.url} ${Buffer.concat(chunks)}`);
      response.end(matrix([[1, "1"]]));
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/thanos?partial_response=false&max_source_resolution=0s`;
    const client = new PrometheusClient(connectionFrom(url, {}));
    await client.instant("up", 5000);
    await client.range("up", 0, 60_000, 30_000);
    expect(seen).toEqual([
      "/thanos/api/v1/query partial_response=false&max_source_resolution=0s&query=up&time=5",
      "/thanos/api/v1/query_range partial_response=false&max_source_resolution=0s&query=up&start=0&end=60&step=30",
    ]);
  });

  it("cuts a long window into chunks under the limit, asks none twice, and joins the answers", async () => {
    const asked: Record<string, number>[] = [];
    const client = await serve(async (request, response) => {
      const form = await formOf(request);
      asked.push(form);
      const { start, end, step } = form as { start: number; end: number; step: number };
      const points = Math.round((end - start) / step) + 1;
      if (points > 11_000)
        return void response
          .writeHead(400)
          .end('{"status":"error","error":"exceeded maximum resolution of 11,000 points"}');
      response.end(
        matrix(
          Array.from({ length: points }, (_, index) => [start + index * step, String(start + index * step)]),
        ),
      );
    });
    const thirtyDaysMs = 30 * 24 * 3600 * 1000;
    const { series } = await client.range("up", 1_700_000_000_123, 1_700_000_000_123 + thirtyDaysMs, 60_000);
    expect(asked).toHaveLength(5);
    expect(series).toHaveLength(1);
    expect(series[0]?.values).toHaveLength(43_200);
    expect(new Set(series[0]?.timesMs).size).toBe(43_200);
    expect(series[0]?.timesMs.every((timeMs) => timeMs % 60_000 === 0)).toBe(true);
  });

  it.each([422, 503])("halves a chunk until the server no longer answers %d", async (status) => {
    const sizes: number[] = [];
    const client = await serve(async (request, response) => {
      const { start, end, step } = (await formOf(request)) as { start: number; end: number; step: number };
      const points = Math.round((end - start) / step) + 1;
      sizes.push(points);
      if (points > 30)
        return void response.writeHead(status).end('{"status":"error","error":"too many samples"}');
      response.end(matrix(Array.from({ length: points }, (_, index) => [start + index * step, "1"])));
    });
    const { series } = await client.range("up", 0, 99_000, 1000);
    expect(series[0]?.values).toHaveLength(100);
    expect(sizes.filter((points) => points <= 30).reduce((sum, points) => sum + points, 0)).toBe(100);
  });

  it("gives up on a query that is too much even for one point, and says so", async () => {
    const client = await serve((_, response) =>
      response.writeHead(422).end('{"status":"error","error":"too many samples"}'),
    );
    await expect(client.range("up", 0, 1000, 1000)).rejects.toThrow(/says: too many samples/);
  });

  it("waits as long as 429 says, and tries again after 502 and a dropped connection", async () => {
    let asked = 0;
    const startedMs = performance.now();
    const client = await serve((request, response) => {
      asked++;
      if (asked === 1) response.writeHead(429, { "Retry-After": "1" }).end();
      else if (asked === 2) response.writeHead(502).end();
      else if (asked === 3) request.socket.destroy();
      else response.end(matrix([[1, "1"]]));
    });
    expect((await client.instant("up", 1000)).series).toHaveLength(1);
    expect(asked).toBe(4);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1000);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      "an answer without end",
      (_, response) => every(1, response, "x".repeat(10_000)),
      /answers with more than 100000 bytes/,
    ],
    ["no answer", () => {}, /gives no whole answer within 0.5 s/],
    [
      "an answer that comes by the byte",
      (_, response) => every(50, response, "x"),
      /gives no whole answer within 0.5 s/,
    ],
  ])("does not wait for %s for ever, nor ask for it again", async (_, listener, message) => {
    let asked = 0;
    const counted: RequestListener = (request, response) => {
      asked++;
      listener(request, response);
    };
    const client = await serve(counted, {}, { answerBytes: 100_000, timeoutMs: 500 });
    await expect(client.instant("up", 0)).rejects.toThrow(message);
    expect(asked).toBe(1);
  });

  it("surfaces warnings and partial answers, and puts unsorted and repeated points in order", async () => {
    const client = await serve((_, response) =>
      response.end(
        JSON.stringify({
          status: "success",
          isPartial: true,
          warnings: ["truncated"],
          data: {
            resultType: "matrix",
            result: [
              {
                metric: {},
                values: [
                  [3, "3"],
                  [1, "1"],
                  [3, "9"],
                ],
              },
            ],
          },
        }),
      ),
    );
    const { warnings, series } = await client.range("up", 1000, 3000, 1000);
    expect(warnings).toEqual(["truncated", "the answer is partial"]);
    expect([[...(series[0]?.timesMs ?? [])], [...(series[0]?.values ?? [])]]).toEqual([
      [1000, 3000],
      [1, 9],
    ]);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      "an error of the API",
      (_, response) =>
        response.writeHead(400).end('{"status":"error","errorType":"bad_data","error":"parse error"}'),
      /says: parse error/,
    ],
    ["HTML", (_, response) => response.end("<html>login</html>"), /not the Prometheus API's \(status 200\)/],
    [
      "truncated JSON",
      (_, response) => response.end(matrix([[1, "1"]]).slice(0, 60)),
      /not the Prometheus API's/,
    ],
    [
      "an instant's answer",
      (_, response) =>
        response.end(
          '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}',
        ),
      /not the Prometheus API's/,
    ],
    ["a value that is none", (_, response) => response.end(matrix([[1, ""]])), /not the Prometheus API's/],
    [
      "another result type",
      (_, response) => response.end('{"status":"success","data":{"resultType":"string","result":[1,"x"]}}'),
      /not the Prometheus API's/,
    ],
    [
      "points that are none",
      (_, response) => response.end(matrix([[1, 5] as never])),
      /not the Prometheus API's/,
    ],
    ["401", (_, response) => response.writeHead(401).end(), /answers 401/],
  ])("says what it got instead of numbers: %s", async (_, listener, message) => {
    const client = await serve(listener, {
      HEADROOM_PROMETHEUS_USER: "me",
      HEADROOM_PROMETHEUS_PASSWORD: "canary-password",
    });
    const thrown = (await client.range("up", 0, 1000, 1000).catch((error: unknown) => error)) as Error;
    expect(thrown.message).toMatch(message);
    expect(`${thrown.message}${thrown.stack}`).not.toMatch(/canary/);
  });
});

describe("connectionFrom", () => {
  it("takes user and password out of the URL", () => {
    const connection = connectionFrom("https://me:s%40crt@prom.example/prometheus", {});
    expect(connection).toMatchObject({
      url: "https://prom.example/prometheus",
      basic: { username: "me", password: "s@crt" },
    });
  });

  it.each([
    ["no URL", "prom", {}, /is not an http/],
    ["another protocol", "file:///etc/passwd", {}, /is not an http/],
    [
      "a file that is not there",
      "http://x",
      { HEADROOM_PROMETHEUS_CA: "/no/such.pem" },
      /HEADROOM_PROMETHEUS_CA.*no such file/,
    ],
    [
      "a header that is none, unsaid",
      "http://x",
      { HEADROOM_PROMETHEUS_HEADERS: "canary" },
      /HEADERS: has a part that is no header/,
    ],
  ])("refuses %s", (_, url, env, message) => {
    expect(() => connectionFrom(url, env)).toThrow(message);
    expect(() => connectionFrom(url, env)).not.toThrow(/canary/);
  });
});

describe("withoutCredentials", () => {
  it.each([
    ["http://me:secret@host:9090/path?token=x", "http://***@host:9090/path"],
    ["http://host", "http://host"],
    ["nonsense", "the URL"],
  ])("%s → %s", (url, shown) => expect(withoutCredentials(url)).toBe(shown));
});
