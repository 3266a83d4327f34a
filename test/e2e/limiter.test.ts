import type { RequestListener } from "node:http";
import { describe, expect, inject, it } from "vitest";
import { Capacity } from "../../src/model/capacity.ts";
import { headroom, temporaryFolder, withServer } from "./cli.ts";

/** A bucket that fills at 100/s and holds ten: 429, or 503 with Retry-After, to what finds it empty. */
function behindBucket(status: 429 | 503): RequestListener {
  let tokens = 10;
  let filledMs = performance.now();
  return (_, response) => {
    const now = performance.now();
    tokens = Math.min(10, tokens + (now - filledMs) / 10);
    filledMs = now;
    if (tokens >= 1) {
      tokens--;
      response.end(
        '{"status":"healthy","checks":{"database":true,"redis":true,"disk":true,"memory":true},"task_id":"t1"}',
      );
      return;
    }
    response.writeHead(status, status === 503 ? { "Retry-After": "1" } : {}).end();
  };
}

const LADDER = ["--from-rate", "60", "--max-rate", "160", "--hold", "3s", "--budget", "1m"];

describe.concurrent("capacity of a target behind a limiter of 100/s", () => {
  it.each([
    ["k6", 503],
    ["autocannon", 429],
  ] as const)("is not the limiter's: %s, %i", async (engine, status) => {
    if (engine === "k6" && inject("k6") === null) return;
    await withServer(behindBucket(status), async (url) => {
      const out = ["--out", temporaryFolder(), "--json"];
      const args = [
        "capacity",
        "ralph",
        "--allow-spend",
        "--target",
        url,
        "--engine",
        engine,
        ...LADDER,
        ...out,
      ];
      const said = await headroom(args);
      expect(said.exitCode, said.stderr).toBe(4);
      const capacity = Capacity.parse(JSON.parse(said.stdout));
      expect([capacity.limitedBy, capacity.settled]).toEqual(["rate-limiter", false]);
      expect(capacity.maxRatePerSecond.low).toBeLessThanOrEqual(capacity.limiter?.passesPerSecond ?? 0);
      // Of 153.6/s offered for three seconds it lets 100/s pass, and what the bucket held.
      expect(capacity.limiter?.passesPerSecond).toBeGreaterThan(85);
      expect(capacity.limiter?.passesPerSecond).toBeLessThan(120);
    });
  });
});
