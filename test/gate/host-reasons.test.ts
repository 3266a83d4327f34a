import { describe, expect, it } from "vitest";
import { hostReasons } from "../../src/gate/host-reasons.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun } from "../canonical.ts";
import { inWords } from "./reasons-of.ts";

const run = (evidence: Partial<Evidence>, target: string | null = "http://shop.test:8000"): RunResult => {
  const base = canonicalRun();
  return { ...base, asked: { ...base.asked, target }, evidence: { ...base.evidence, ...evidence } };
};
const codes = (...given: Parameters<typeof run>) => hostReasons(run(...given)).map(({ code }) => code);
const hosts = (counts: Record<string, number>) =>
  Object.entries(counts).map(([host, requests]) => ({ host, requests }));

describe("where the load went", () => {
  it("is no reason for a journey, nor for a script that loads its target", () => {
    expect(codes({})).toEqual([]);
    expect(codes({ hosts: hosts({ "shop.test:8000": 5 }) })).toEqual([]);
    expect(codes({ hosts: hosts({ "elsewhere.test": 5 }) }, null)).toEqual([]);
  });

  it("may be elsewhere for one request in a hundred, and not for two", () => {
    expect(codes({ hosts: hosts({ "shop.test:8000": 99, "login.test": 1 }) })).toEqual([]);
    expect(codes({ hosts: hosts({ "shop.test:8000": 98, "login.test": 2 }) })).toEqual(["load-elsewhere"]);
    const allowed = { allowedHosts: ["login.test"] };
    expect(codes({ hosts: hosts({ "shop.test:8000": 9, "login.test:81": 90 }), ...allowed })).toEqual([]);
    expect(codes({ hosts: hosts({ "login.test": 90 }), ...allowed })).toEqual(["target-not-loaded"]);
  });

  it("knows another port for another service, and loopback by each of its names", () => {
    expect(codes({ hosts: hosts({ "shop.test": 9 }) })).toEqual(["target-not-loaded"]);
    const loopback = hosts({ "localhost:80": 1, "127.0.0.1:80": 1, "[::1]:80": 1 });
    expect(codes({ hosts: loopback }, "http://127.0.0.1:80/path")).toEqual(["target-not-loaded"]);
    expect(codes({ hosts: hosts({ localhost: 1, "[::1]": 1 }) }, "http://127.0.0.1:80/path")).toEqual([]);
  });

  it("is told with what to do", () => {
    const evidence = { hosts: hosts({ "a.test": 60, "shop.test:8000": 40 }) };
    expect(hostReasons(run(evidence)).map(inWords)).toEqual([
      "60.0% of the requests went elsewhere than to the target shop.test:8000: a.test (60). If they belong to the system under test, say --allow-target a.test; otherwise leave them out of the script.",
    ]);
    expect(hostReasons(run({ hosts: [] })).map(inWords)).toEqual([
      "the script sent no request at all. Let the script read __ENV.TARGET, or give the host that it loads as --target.",
    ]);
  });
});

describe("hosts that were refused", () => {
  const refused = [
    { host: "stranger.test", address: "203.0.113.9", requests: 5 },
    { host: "198.51.100.7", address: "198.51.100.7", requests: 1 },
  ];

  it("are a reason, whatever their number, that excuses failures", () => {
    const reasons = hostReasons(run({ refusedHosts: refused }));
    expect(reasons.map(({ excusesFailure }) => excusesFailure)).toEqual([true]);
    expect(reasons.map(inWords)).toEqual([
      "6 requests would have gone to stranger.test (203.0.113.9) and 1 other host, outside loopback and private ranges, and were not sent. See which redirect or request leads there; if the host is yours to load, say --allow-target stranger.test.",
    ]);
  });

  it("may be the target's own name, with another address than it had", () => {
    const [reason] = hostReasons(
      run({ refusedHosts: [{ host: "shop.test", address: "203.0.113.9", requests: 1 }] }),
    );
    expect(reason && inWords(reason)).toBe(
      "1 request would have gone to shop.test (203.0.113.9), outside loopback and private ranges, and was not sent. The target's name has another address than when it was checked: run again, or say --allow-target 203.0.113.9.",
    );
  });

  it("are not counted as hosts that were loaded", () => {
    const evidence = { refusedHosts: refused, hosts: hosts({ "stranger.test": 5, "shop.test:8000": 5 }) };
    expect(codes(evidence)).toEqual(["host-not-allowed"]);
  });
});
