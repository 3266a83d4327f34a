import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { PrometheusClient, withoutCredentials } from "../../src/prometheus/client.ts";

// What a real Prometheus does not do on request.
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener, secret = ""): Promise<PrometheusClient> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return new PrometheusClient({
    url: `http://${secret}127.0.0.1:${port}/prometheus/`,
    bearerToken: "canary-token",
  });
}
const matrix = (values: [number, string][]) =>
  JSON.stringify({
    status: "success",
    data: { resultType: "matrix", result: [{ metric: { pod: "a" }, values }] },
  });

describe("PrometheusClient", () => {
  it("posts the query under the path prefix with its token, and keeps gaps and NaN absent", async () => {
    const seen: string[] = [];
    const client = await serve((request, response) => {
      seen.push(
        `${request.method} ${request.url} ${request.headers.authorization} ${request.headers["content-type"]}`,
      );
      response.end(
        matrix([
          [1, "0.5"],
          [2, "NaN"],
          [3, "+Inf"],
          [5, "0.7"],
        ]),
      );
    });
    const { series } = await client.range("up", 1000, 5000, 1000);
    expect(seen).toEqual([
      "POST /prometheus/api/v1/query_range Bearer canary-token application/x-www-form-urlencoded",
    ]);
    expect(series[0]?.points).toEqual([
      { timeMs: 1000, value: 0.5 },
      { timeMs: 5000, value: 0.7 },
    ]);
  });

  it("comes back after 429 when it is told to, and after 503", async () => {
    let asked = 0;
    const client = await serve((_, response) => {
      asked++;
      if (asked === 1) response.writeHead(429, { "Retry-After": "1" }).end();
      else if (asked === 2) response.writeHead(503).end();
      else response.end(matrix([[1, "1"]]));
    });
    expect((await client.instant("up", 1000)).series).toHaveLength(1);
    expect(asked).toBe(3);
  });

  it("surfaces warnings", async () => {
    const client = await serve((_, response) =>
      response.end(
        JSON.stringify({
          status: "success",
          warnings: ["truncated"],
          data: { resultType: "vector", result: [] },
        }),
      ),
    );
    expect((await client.instant("up", 0)).warnings).toEqual(["truncated"]);
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
      "another shape",
      (_, response) => response.end('{"status":"success","data":{"resultType":"string","result":[1,"x"]}}'),
      /not the Prometheus API's/,
    ],
    ["401", (_, response) => response.writeHead(401).end(), /answers 401.*/],
  ])("says what it got instead of numbers: %s", async (_, listener, message) => {
    const client = await serve(listener, "user:canary-password@");
    const thrown = (await client.instant("up", 0).catch((error: unknown) => error)) as Error;
    expect(thrown.message).toMatch(message);
    expect(`${thrown.message}${thrown.stack}`).not.toMatch(/canary/);
  });
});

describe("withoutCredentials", () => {
  it.each([
    ["http://me:secret@host:9090/path?token=x", "http://***@host:9090/path"],
    ["http://host", "http://host"],
    ["nonsense", "the URL"],
  ])("%s → %s", (url, shown) => expect(withoutCredentials(url)).toBe(shown));
});
