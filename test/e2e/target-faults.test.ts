import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { type Gated, gate, headroom, temporaryFolder, withServer } from "./cli.ts";

const LOAD = ["--scenario", "smoke", "--duration", "8s", "--rate", "30"];

/** What the journey of ralph expects. */
const good = (response: ServerResponse, method = "GET") => {
  response.writeHead(method === "POST" ? 201 : 200, { "Content-Type": "application/json" });
  response.end('{"status":"healthy","task_id":"t1"}');
};

/** The gate's own question whether anybody is there is answered; the load meets the fault. */
const afterGreeting = (fault: RequestListener): RequestListener => {
  let greeted = false;
  return (request, response) => {
    if (greeted) return fault(request, response);
    greeted = true;
    good(response);
  };
};

const endless: RequestListener = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  const timer = setInterval(() => response.write("x".repeat(1024)), 20);
  response.on("close", () => clearInterval(timer));
};

const WITH_LIMITER = { "Retry-After": "1" };

interface Fault {
  readonly listener: RequestListener;
  readonly exit: number;
  readonly says: (gated: Gated) => unknown;
  readonly expected: unknown;
}

const status = ({ verdict }: Gated, id: string) => verdict.criteria.find((one) => one.id === id)?.status;
const codes = ({ verdict }: Gated) => verdict.reasons.map(({ code }) => code);
const errors = (gated: Gated) => status(gated, "error-ratio");

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
      exit: 4,
      says: codes,
      expected: expect.arrayContaining(["load-not-delivered", "no-iterations", "no-data"]),
    },
  ],
  [
    "answers without end",
    {
      listener: endless,
      exit: 4,
      says: codes,
      expected: expect.arrayContaining(["load-not-delivered", "no-iterations", "no-data"]),
    },
  ],
  [
    "answers slowly",
    {
      listener: (request, response) => setTimeout(() => good(response, request.method), 700),
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
      exit: 4,
      says: codes,
      expected: ["checks-unjudged"],
    },
  ],
];

const engines = ["k6", "autocannon"] as const;
const isMissing = (engine: string) => engine === "k6" && inject("k6") === null;

describe.concurrent.each(engines)("a target, loaded through %s, that", (engine) => {
  it.skipIf(isMissing(engine)).each(FAULTS)("%s", async (_, { listener, exit, says, expected }) => {
    await withServer(afterGreeting(listener), async (url) => {
      const gated = await gate(["ralph", "--target", url, "--engine", engine, ...LOAD]);
      expect([gated.exitCode, says(gated)]).toEqual([exit, expected]);
    });
  });

  it.skipIf(isMissing(engine))("dies and comes back fails by what it did not answer", async () => {
    const listener: RequestListener = (request, response) => good(response, request.method);
    let server = await listening(createServer(listener), 0);
    const { port } = server.address() as AddressInfo;
    setTimeout(() => {
      server.closeAllConnections();
      server.close();
    }, 4000);
    setTimeout(async () => {
      server = await listening(createServer(listener), port);
    }, 6000);
    const gated = await gate(["ralph", "--target", `http://127.0.0.1:${port}`, "--engine", engine, ...LOAD]);
    server.closeAllConnections();
    server.close();
    expect([gated.exitCode, errors(gated)]).toEqual([1, "fail"]);
    const requests = gated.run.timeline.series.find(
      ({ metric, endpoint }) => metric === "failed" && endpoint === null,
    );
    // It served before and after.
    expect(requests?.values.filter((share) => share === 0).length).toBeGreaterThan(2);
    expect(requests?.values.filter((share) => (share ?? 0) > 0).length).toBeGreaterThan(0);
  });
});

describe("a target whose certificate nobody vouches for", () => {
  it("is exit 3 before any load, and says why", async () => {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-days", "1", "-nodes"];
    await execa("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", cert, ...subject]);
    const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      good(response),
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

async function listening(server: Server, port: number): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}
