import type { IncomingMessage, RequestListener } from "node:http";
import { describe, expect, inject, it } from "vitest";
import { gate, script, withServer } from "./cli.ts";

/**
 * 0.0.0.0 is outside loopback and private ranges to the guard, and this machine to the system: a request that should
 * not have been sent arrives and is counted.
 */
const far = (url: string) => url.replace("127.0.0.1", "0.0.0.0");

const redirecting: RequestListener = (request, response) => {
  const to = new URL(request.url ?? "/", "http://x").searchParams.get("to");
  if (to === null) response.end("{}");
  else response.writeHead(307, { Location: to }).end();
};

interface Asked {
  readonly way: string;
  readonly other?: (url: string) => string;
  readonly args?: string[];
}

/** The script against one server as the target and another beside it; what each of them heard. */
async function wander({ way, other = (url) => url, args = [] }: Asked) {
  const heard: IncomingMessage[] = [];
  return await withServer(redirecting, (target) =>
    withServer(
      (request, response) => {
        heard.push(request);
        response.end("{}");
      },
      async (url) => {
        const env = { HEADROOM_TEST_WAY: way, HEADROOM_TEST_OTHER: other(url) };
        const given = ["--script", script("wanders"), "--target", target, ...args];
        const gated = await gate(given, { env });
        const hosts = Object.fromEntries(
          (gated.run.evidence.hosts ?? []).map(({ host, requests }) => [
            host === new URL(target).host ? "target" : host === new URL(other(url)).host ? "other" : host,
            requests,
          ]),
        );
        return { ...gated, heard, hosts, reasons: gated.verdict.reasons };
      },
    ),
  );
}

describe.skipIf(inject("k6") === null)("load goes to allowed hosts only, through k6", () => {
  it("behind a redirect", async () => {
    const { exitCode, reasons, heard, run } = await wander({ way: "redirected", other: far });
    expect([exitCode, heard.length]).toEqual([4, 0]);
    expect(reasons[0]).toEqual({
      code: "host-not-allowed",
      message:
        "10 requests would have gone to 0.0.0.0, outside loopback and private ranges, and were not sent",
      remedy:
        "See which redirect or request leads there; if the host is yours to load, say --allow-target 0.0.0.0",
    });
    expect(run.evidence.refusedHosts).toEqual([{ host: "0.0.0.0", address: "0.0.0.0", requests: 10 }]);
    expect(run.errors).toContainEqual({ kind: "host not allowed", count: 10 });
  });

  it("unless it is named", async () => {
    const { exitCode, heard, reasons } = await wander({
      way: "redirected",
      other: far,
      args: ["--allow-target", "0.0.0.0"],
    });
    expect([exitCode, reasons, heard.length]).toEqual([0, [], 10]);
  });

  it("whatever a name is looked up to, and from a script itself", async () => {
    const named = (url: string) => url.replace("127.0.0.1", "far.test");
    const { exitCode, heard, run } = await wander({ way: "every", other: named });
    expect([exitCode, heard.length]).toEqual([4, 0]);
    expect(run.evidence.refusedHosts).toEqual([{ host: "far.test", address: "0.0.0.0", requests: 70 }]);
  });

  it("through a WebSocket", async () => {
    const { exitCode, heard, reasons } = await wander({ way: "socket", other: far });
    expect([exitCode, heard.length]).toEqual([4, 0]);
    expect(reasons[0]?.code).toBe("target-not-loaded"); // k6 logs nothing of a socket without a listener
  });

  it("and credentials to the host they were meant for", async () => {
    const { heard } = await wander({
      way: "redirected",
      other: (url) => url.replace("127.0.0.1", "localhost"),
    });
    expect(heard).toHaveLength(10);
    for (const { headers } of heard) {
      expect(headers["x-other"]).toBe("kept");
      expect(JSON.stringify(headers)).not.toContain("s3cret");
    }
  });
});

describe.skipIf(inject("k6") === null)("a script of one's own", () => {
  it("that loads another host as well is told which, however it sends its requests", async () => {
    const { exitCode, reasons, hosts } = await wander({ way: "every" });
    expect(hosts).toEqual({ other: 70, target: 10 });
    expect([exitCode, reasons.map(({ code }) => code)]).toEqual([4, ["load-elsewhere"]]);
  });

  it("that loads it and hardly anything else, or what is allowed, is judged", async () => {
    const mostly = await wander({ way: "mostly" });
    expect([mostly.exitCode, mostly.hosts]).toEqual([0, { target: 990, other: 10 }]);
    const allowed = await wander({ way: "every", args: ["--allow-target", "127.0.0.1"] });
    expect([allowed.exitCode, allowed.reasons]).toEqual([0, []]);
  });

  it("that never requests the target proves nothing about it", async () => {
    const { exitCode, reasons } = await wander({ way: "socket" });
    expect([exitCode, reasons[0]?.code]).toEqual([4, "target-not-loaded"]);
  });

  it("without a target is said where it went", async () => {
    await withServer(redirecting, async (url) => {
      const env = { HEADROOM_TEST_WAY: "elsewhere", HEADROOM_TEST_OTHER: url };
      const { exitCode, stderr } = await gate(["--script", script("wanders")], { env });
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringContaining(`no --target was named; requests went to ${new URL(url).host} (10)`),
      ]);
    });
  });
});
