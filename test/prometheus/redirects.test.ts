import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { PrometheusClient } from "../../src/prometheus/client.ts";
import { connectionFrom } from "../../src/prometheus/connection.ts";

const ANSWER = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const SECRETS = {
  HEADROOM_PROMETHEUS_TOKEN: "s3cret",
  HEADROOM_PROMETHEUS_HEADERS: "X-Scope-OrgID: team; X-Api-Key: s3cret",
};

async function serving<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it.each([
  ["another port", (url: string) => url],
  ["another name", (url: string) => url.replace("127.0.0.1", "localhost")],
  ["another scheme and port", (url: string) => url.replace("http:", "https:")],
])("queries, headers and credentials do not follow a redirect to %s", async (_, other) => {
  const heard: IncomingMessage[] = [];
  await serving(
    (request, response) => {
      heard.push(request);
      response.end(ANSWER);
    },
    (stranger) =>
      serving(
        (_, response) => response.writeHead(307, { Location: `${other(stranger)}/api/v1/query` }).end(),
        async (url) => {
          const client = new PrometheusClient(connectionFrom(url, SECRETS));
          await expect(client.instant("up", 0)).rejects.toThrow(
            `${url} redirects to another server, ${other(stranger)}, which is not asked`,
          );
        },
      ),
  );
  expect(heard).toEqual([]);
});

it("one to another path of the same server is followed, with all that belongs to it", async () => {
  const heard: IncomingMessage[] = [];
  await serving(
    (request, response) => {
      heard.push(request);
      if (request.url?.startsWith("/prometheus/")) response.end(ANSWER);
      else response.writeHead(307, { Location: `/prometheus${request.url}` }).end();
    },
    async (url) => {
      await new PrometheusClient(connectionFrom(url, SECRETS)).instant("up", 0);
      expect(heard.map(({ url, headers }) => [url, headers["x-api-key"]])).toEqual([
        ["/api/v1/query", "s3cret"],
        ["/prometheus/api/v1/query", "s3cret"],
      ]);
    },
  );
});
