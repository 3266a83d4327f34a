import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { setupRequests } from "../../scenarios/lib/journey.ts";
import ralph from "../../scenarios/ralph/journey.ts";
import { findRow } from "../../src/model/metric-row.ts";
import { rowsOf } from "../matrix.ts";
import { type Gated, gate, headroom, ralphAnswers, temporaryFolder, withServer } from "./cli.ts";
import { freePort } from "./wait.ts";

const LOAD = ["--scenario", "smoke", "--duration", "8s", "--rate", "30"];

/**
 * The gate's own question whether anybody is there is answered; the load meets the fault.
 *
 * @param setup so many requests of the setup are answered too, which otherwise would wait for their timeouts in turn
 */
const afterGreeting = (fault: RequestListener, setup = 0): RequestListener => {
  let answered = 0;
  return (request, response) => {
    if (answered > setup) return fault(request, response);
    answered++;
    ralphAnswers(response, request.method);
  };
};

const endless: RequestListener = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  const timer = setInterval(() => response.write("x".repeat(1024)), 20);
  response.on("close", () => clearInterval(timer));
};

const SETUP_REQUESTS = [...setupRequests(ralph).values()].reduce((sum, count) => sum + count, 0);
const WITH_LIMITER = { "Retry-After": "1" };

interface Fault {
  readonly listener: RequestListener;
  /** Requests of the journey's setup that are answered before the fault. */
  readonly setup?: number;
  readonly exit: number;
  readonly says: (gated: Gated) => unknown;
  readonly expected: unknown;
}

const status = ({ verdict }: Gated, id: string) => verdict.criteria.find((one) => one.id === id)?.status;
const codes = ({ verdict }: Gated) => verdict.reasons.map(({ code }) => code);
const errors = (gated: Gated) => status(gated, "error-ratio-smoke");

const FAULTS: [title: string, fault: Fault][] = [
  [
    "resets every connection",
    {
      listener: (request) => request.socket.resetAndDestroy(),
      exit: 1,
      says: (gated) => [errors(gated), gated.run.errors.map(({ kind }) => kind).join()],
      expected: ["fail", expect.stringMatching(/reset|connection error|EOF|request failed/)],
    },
  ],
  [
    "never answers",
    {
      listener: () => {},
      setup: SETUP_REQUESTS,
      exit: 4,
      says: codes,
      expected: expect.arrayContaining(["load-not-delivered", "no-iterations", "no-data"]),
    },
  ],
  [
    "answers without end",
    {
      listener: endless,
      setup: SETUP_REQUESTS,
      exit: 4,
      says: codes,
      expected: expect.arrayContaining(["load-not-delivered", "no-iterations", "no-data"]),
    },
  ],
  [
    "answers slowly",
    {
      listener: (request, response) => setTimeout(() => ralphAnswers(response, request.method), 700),
      exit: 1,
      says: (gated) => [status(gated, "p95"), errors(gated)],
      expected: ["fail", "pass"],
    },
  ],
  [
    "redirects in a circle",
    {
      listener: (request, response) => response.writeHead(302, { Location: request.url }).end(),
      exit: 1,
      says: errors,
      expected: "fail",
    },
  ],
  [
    "refuses everything with 429",
    {
      listener: (_, response) => response.writeHead(429).end(),
      exit: 4,
      says: codes,
      expected: expect.arrayContaining(["rate-limited"]),
    },
  ],
  [
    "refuses everything with 503 and when to come back",
    {
      listener: (_, response) => response.writeHead(503, WITH_LIMITER).end(),
      exit: 4,
      says: codes,
      expected: expect.arrayContaining(["rate-limited"]),
    },
  ],
  [
    "is out of order: 503",
    {
      listener: (_, response) => response.writeHead(503).end(),
      exit: 1,
      says: (gated) => [errors(gated), gated.run.statusCounts[0]?.status],
      expected: ["fail", 503],
    },
  ],
  [
    "shows a maintenance page with status 200",
    {
      listener: (request, response) =>
        response.writeHead(request.method === "POST" ? 201 : 200).end("<html>back soon</html>"),
      // What the health endpoint says is a criterion, and fails; what follows from a task is never asked.
      exit: 1,
      says: codes,
      // Whether the other check alone could break a criterion depends on how often chance makes it.
      expected: expect.arrayContaining(["endpoint-not-called"]),
    },
  ],
];

const engines = ["k6", "autocannon"] as const;
const isMissing = (engine: string) => engine === "k6" && inject("k6") === null;

describe.concurrent.each(engines)("a target, loaded through %s, that", (engine) => {
  // In turn: each fault through one engine, each engine through half of them.
  const faults = rowsOf(FAULTS, (_, at) => engines[at % 2] === engine);

  it.skipIf(isMissing(engine)).each(faults)("%s", async (_, { listener, setup, exit, says, expected }) => {
    await withServer(afterGreeting(listener, setup), async (url) => {
      const gated = await gate(["ralph", "--target", url, "--engine", engine, ...LOAD]);
      expect([gated.exitCode, says(gated)]).toEqual([exit, expected]);
    });
  });

  it.skipIf(isMissing(engine))("dies and comes back fails by what it did not answer", async () => {
    const target = await mortalTarget({ diesAfter: 60, refuses: 15 });
    const gated = await gate(["ralph", "--target", target.url, "--engine", engine, ...LOAD]);
    const { before, after, refused } = target.served();
    await target.close();
    expect([gated.exitCode, errors(gated)]).toEqual([1, "fail"]);
    expect(before).toBeGreaterThanOrEqual(60);
    expect(refused).toBe(15);
    expect(after).toBeGreaterThan(0);
    const { samples = 0, ratio = Number.NaN } = findRow(gated.run.metrics, "http_req_failed", {}) ?? {};
    // Every refusal is a failure; what was answered is none, but for answers that were on their way when it died.
    expect(ratio * samples).toBeGreaterThanOrEqual(refused - 1e-6);
    expect((1 - ratio) * samples).toBeLessThanOrEqual(before + after);
    // It was well, then not, then well again.
    const failed = gated.run.timeline.series
      .find(({ metric, endpoint }) => metric === "failed" && endpoint === null)
      ?.values.map((value) => (value === null ? "" : value === 0 ? "well" : "failing"));
    expect(failed?.join(" ")).toMatch(/^well\b.* failing\b.* well\b/);
  });
});

describe("a target whose certificate nobody vouches for", () => {
  it("is exit 3 before any load, and says why", async () => {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-days", "1", "-nodes"];
    await execa("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", cert, ...subject]);
    const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      ralphAnswers(response),
    );
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const { port } = tls.address() as AddressInfo;
    const said = await headroom(["gate", "ralph", "--target", `https://127.0.0.1:${port}`, ...LOAD]);
    tls.closeAllConnections();
    tls.close();
    expect([said.exitCode, said.stdout]).toEqual([3, ""]);
    expect(said.stderr).toMatch(/cannot be reached: self-signed certificate/);
  });
});

/**
 * A target that answers so many requests, then refuses connections, then listens and resets so many of them as a
 * process does that is starting, and then answers again.
 */
async function mortalTarget({ diesAfter, refuses }: { diesAfter: number; refuses: number }) {
  const port = await freePort();
  const served = { before: 0, refused: 0, after: 0 };
  let isGreeted = false;
  const second = createServer((request, response) => {
    served.after++;
    ralphAnswers(response, request.method);
  }).on("connection", (socket) => {
    if (served.refused >= refuses) return;
    served.refused++;
    socket.resetAndDestroy();
  });
  const first = createServer((request, response) => {
    if (isGreeted) served.before++;
    isGreeted = true;
    ralphAnswers(response, request.method);
    if (served.before !== diesAfter) return;
    first.close(() => second.listen(port, "127.0.0.1"));
    response.once("finish", () => first.closeAllConnections());
  });
  await new Promise<void>((resolve) => first.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    served: () => served,
    close: async () => {
      second.closeAllConnections();
      await new Promise((resolve) => second.close(resolve));
    },
  };
}
