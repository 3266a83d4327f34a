import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cachedK6Path, findK6 } from "../../src/engines/k6/find-k6.ts";
import { LogKeeper } from "../../src/engines/k6/log.ts";
import { redactorFor } from "../../src/engines/k6/redact.ts";
import { toErrors, toRows, toStatusCounts } from "../../src/engines/k6/summary.ts";
import { compileCriteria, keepBreakdown } from "../../src/engines/k6/thresholds.ts";
import { parseSelector, selectorOf } from "../../src/model/selector.ts";
import { canonicalRun, client, ERRORS } from "../canonical.ts";

describe("findK6", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "headroom-k6-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const fake = (path: string, says: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho "${says}"\n`);
    chmodSync(path, 0o755);
    return path;
  };

  it("looks at --k6, then HEADROOM_K6, then PATH, then the cache", async () => {
    const env: Record<string, string> = { XDG_CACHE_HOME: join(folder, "cache"), PATH: join(folder, "bin") };
    expect(await findK6(undefined, env)).toBeNull();
    fake(cachedK6Path(env), "k6 v2.2.0 (go1.26)");
    expect(await findK6(undefined, env)).toMatchObject({ source: "cache", version: "2.2.0" });
    fake(join(folder, "bin", "k6"), "k6 v1.4.2 (go1.26)");
    expect(await findK6(undefined, env)).toMatchObject({ source: "PATH", version: "1.4.2" });
    env.HEADROOM_K6 = fake(join(folder, "mine"), "k6 v2.0.0");
    expect(await findK6(undefined, env)).toMatchObject({ source: "HEADROOM_K6", version: "2.0.0" });
    expect(await findK6(fake(join(folder, "given"), "k6 v1.0.0"), env)).toMatchObject({
      source: "--k6",
      version: "1.0.0",
    });
  });

  it("refuses one that is too old, is no k6, or is not there, instead of taking another", async () => {
    await expect(findK6(fake(join(folder, "old"), "k6 v0.57.0"), {})).rejects.toThrow(
      /v0\.57\.0; Headroom needs v1/,
    );
    await expect(findK6(fake(join(folder, "other"), "hello"), {})).rejects.toThrow(/does not answer/);
    await expect(findK6(join(folder, "none"), {})).rejects.toThrow(/not an executable file/);
  });
});

describe("criteria as k6 thresholds", () => {
  it("name the submetric, the statistic, the bound, and when to stop", () => {
    const compiled = compileCriteria([
      client({ tags: { name: "buy" }, phase: "steady", bound: { operator: "<", value: 250 } }),
      { ...ERRORS, abortAfterMs: 20_000 },
      client({
        metric: "http_reqs",
        phase: "steady",
        stat: { kind: "rate" },
        bound: { operator: ">=", value: 100 },
      }),
    ]);
    expect(compiled).toEqual({
      "http_req_duration{name:buy,phase:steady}": [{ threshold: "p(95)<250" }],
      http_req_failed: [{ threshold: "rate<=0.01", abortOnFail: true, delayAbortEval: "20000ms" }],
      // k6 would divide by the whole run: kept, and judged by Headroom alone.
      "http_reqs{phase:steady}": [{ threshold: "count>=0" }],
    });
  });

  it("keep a breakdown by endpoint and phase that grows with their product, not with the steps", () => {
    const kept = keepBreakdown(["search", "buy"], canonicalRun().asked.load);
    expect(Object.keys(kept)).toHaveLength(2 * (2 + 2 + 2 * 2));
  });

  it("selectors go there and back", () => {
    for (const tags of [
      {},
      { name: "buy" },
      { name: "buy", phase: "steady" },
      { check: "health: database is up" },
    ]) {
      expect(parseSelector(selectorOf("checks", tags))).toEqual({ metric: "checks", tags });
    }
  });
});

describe("the summary", () => {
  const summary = (metrics: object) =>
    toRows({ metrics, state: { testRunDurationMs: 1 }, root_group: { checks: [], groups: [] } } as never);

  it("a submetric without samples keeps no values, although k6 writes zeros", () => {
    expect(
      summary({
        "http_req_duration{name:ghost}": {
          type: "trend",
          values: { count: 0, avg: 0, min: 0, max: 0, "p(95)": 0 },
        },
      }),
    ).toEqual([{ metric: "http_req_duration", tags: { name: "ghost" }, type: "trend", samples: 0 }]);
    expect(summary({ http_req_failed: { type: "rate", values: { rate: 0, passes: 0, fails: 0 } } })).toEqual([
      { metric: "http_req_failed", tags: {}, type: "rate", samples: 0 },
    ]);
  });
});

describe("counts by status and error", () => {
  const count = (value: number) => ({ type: "counter", values: { count: value, rate: 0 } });
  const summary = {
    metrics: {
      http_reqs: count(100),
      "http_reqs{status:200}": count(90),
      "http_reqs{status:0}": count(7),
      "http_reqs{status:404}": count(0),
      "http_reqs{error_code:1212}": count(7),
    },
    state: { testRunDurationMs: 1 },
    root_group: { checks: [], groups: [] },
  } as never;

  it("names what was counted and keeps the rest, so that the sum is all requests", () => {
    expect(toStatusCounts(summary)).toEqual([
      { status: 0, count: 7 },
      { status: 200, count: 90 },
      { status: null, count: 3 },
    ]);
    expect(toErrors(summary)).toEqual([{ kind: "connection refused", count: 7 }]);
    expect(toRows(summary).map(({ tags }) => tags)).toEqual([{}]);
  });
});

describe("LogKeeper", () => {
  it("keeps a storm as one line with its count, and lines cut anywhere", () => {
    const log = new LogKeeper((text) => text);
    const line = `${JSON.stringify({ level: "warning", msg: "Request Failed", error: "refused" })}\n`;
    const storm = line.repeat(5000) + JSON.stringify({ level: "info", msg: "chatter" });
    for (const piece of storm.match(/[\s\S]{1,777}/g) ?? []) log.push(piece);
    expect(log.lines()).toEqual(["Request Failed: refused (5000 times)"]);
    expect(log.ownErrors.size).toBe(0);
  });

  it("counts what the generator's own machine could not send, whatever the URLs", () => {
    const log = new LogKeeper((text) => text);
    const say = (error: string) =>
      log.push(`${JSON.stringify({ level: "warning", msg: "Request Failed", error })}\n`);
    for (let at = 0; at < 100; at++)
      say(`Get "http://shop/${at}": dial tcp 10.0.0.1:80: socket: too many open files`);
    say('Get "http://shop/": dial tcp 10.0.0.1:80: connect: cannot assign requested address');
    say('Get "http://shop/": dial tcp 10.0.0.1:80: connect: connection refused');
    expect([...log.ownErrors]).toEqual([
      ["too many open files", 100],
      ["no local port left", 1],
    ]);
  });
});

describe("what k6 logs", () => {
  const redact = redactorFor({
    env: { HEADROOM_PASSWORD: "hunter2!", SHOP_API_KEY: "k-12345", HOME: "/home/me", PIN_TOKEN: "abc" },
  });
  it.each([
    ['Get "http://me:secret@shop:8000/x": EOF', 'Get "http://***@shop:8000/x": EOF'],
    ["GET https://shop/x?token=abc123&y=1 failed", "GET https://shop/x failed"],
    ["login with hunter2! refused, key k-12345", "login with *** refused, key ***"],
    ["/home/me/script.ts: abc is not defined", "/home/me/script.ts: abc is not defined"],
  ])("%s", (said, kept) => expect(redact(said)).toBe(kept));
});
