import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { limiterPassesIn, type Stress, stressFlaws } from "../../src/model/stress.ts";
import { runStress } from "../../src/stress/run-stress.ts";

async function stressed(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const result = await runStress({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    method: "GET",
    headers: {},
    body: null,
    connections: 2,
    pipelining: 1,
    workers: 0,
    rate: null,
    durationMs: 1000,
    signal: new AbortController().signal,
    onSecond: () => {},
  });
  server.closeAllConnections();
  server.close();
  return result;
}

it("no request is lost on a connection that its answer ends", async () => {
  let heard = 0;
  const { requests, errors } = await stressed((_, response) => {
    heard++;
    response.setHeader("Connection", "close").end("{}");
  });
  expect([requests.failedRatio, errors]).toEqual([0, { connection: 0, timeout: 0 }]);
  // One in flight on either connection when the time is over.
  expect(heard - requests.total).toBeLessThanOrEqual(2);
});

it("a limiter's answers are counted by their mark, not by their status", async () => {
  let count = 0;
  const every = (headers: Record<string, string>) => (): RequestListener => (_, response) =>
    response.writeHead(++count % 4 === 0 ? 503 : 200, headers).end("{}");
  const limited = await stressed(every({ "Retry-After": "1" })());
  const broken = await stressed(every({})());
  const count503 = limited.statusCounts.find(({ status }) => status === 503)?.count ?? 0;
  expect(Math.abs((limited.rateLimited ?? 0) - count503)).toBeLessThanOrEqual(2);
  expect(limiterPassesIn(limited)).toBeCloseTo(limited.requests.perSecond * 0.75, -1);
  expect([broken.rateLimited, limiterPassesIn(broken)]).toEqual([0, null]);
});

it("redirects are told, and a generator as fast as it goes is not called saturated", async () => {
  const result = await stressed((_, response) => response.writeHead(307, { Location: "/there" }).end());
  expect(stressFlaws(result)).toEqual([{ kind: "redirected", share: 1 }]);
  expect(result.generator?.stalledMs).toBeLessThan(2000);
});

describe("a stress says nothing of its target", () => {
  const stress = (given: Partial<Stress>) =>
    ({
      requests: { total: 1000, perSecond: 100, failedRatio: 0 },
      statusCounts: [],
      rate: 100,
      perSecond: [100],
      ...given,
    }) as Stress;
  const generator = { cores: 1, cpu: [0.5, 0.5, 0.5], stalledMs: 0, exhausted: [] };

  it.each<[string, Partial<Stress>, string[]]>([
    ["unless nothing is wrong", { generator }, []],
    ["of a version before this was kept", {}, []],
    ["stood still", { generator: { ...generator, stalledMs: 2000 } }, ["generator-stalled"]],
    [
      "full cores under a rate",
      { generator: { ...generator, cpu: [0.95, 0.95, 0.95] } },
      ["generator-saturated"],
    ],
    ["full cores as fast as it goes", { rate: null, generator: { ...generator, cpu: [1, 1, 1] } }, []],
    [
      "no files",
      { generator: { ...generator, exhausted: [{ kind: "too many open files", count: 2 }] } },
      ["generator-exhausted"],
    ],
    [
      "one in a thousand",
      { generator: { ...generator, exhausted: [{ kind: "too many open files", count: 1 }] } },
      [],
    ],
    ["a limiter", { rateLimited: 11 }, ["rate-limited"]],
    ["half of the rate", { rate: 200 }, ["rate-not-delivered"]],
    ["silence at the end", { perSecond: [100, 100, 0, 0] }, ["silent"]],
    ["redirects", { statusCounts: [{ status: 301, count: 11 }] }, ["redirected"]],
    ["304 is none", { statusCounts: [{ status: 304, count: 900 }] }, []],
  ])("%s", (_, given, kinds) => expect(stressFlaws(stress(given)).map(({ kind }) => kind)).toEqual(kinds));
});
