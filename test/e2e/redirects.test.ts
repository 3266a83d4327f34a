import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, inject, it } from "vitest";
import { findRow } from "../../src/model/metric-row.ts";
import { gate, withServer } from "./cli.ts";

const LOAD = ["--scenario", "smoke", "--duration", "4s", "--rate", "60"];
const START = "/api/v1/orchestrations";

/** A framework that wants its slash: 307 to the same path with one, which then answers. */
function slashed(): { listener: RequestListener; bodies: Set<string> } {
  const bodies = new Set<string>();
  const listener: RequestListener = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.url === START) return void response.writeHead(307, { Location: `${START}/` }).end();
    if (request.url === `${START}/`) bodies.add(`${request.method} ${body}`);
    response.writeHead(request.method === "POST" ? 201 : 200, { "Content-Type": "application/json" });
    response.end(
      '{"status":"healthy","checks":{"database":true,"redis":true,"disk":true,"memory":true},"task_id":"t1"}',
    );
  };
  return { listener, bodies };
}

describe.concurrent("a step that is redirected to its trailing slash is named", () => {
  it.each(["k6", "autocannon"])("%s", async (engine) => {
    if (engine === "k6" && inject("k6") === null) return;
    const { listener, bodies } = slashed();
    await withServer(listener, async (url) => {
      const { exitCode, verdict, run } = await gate(["ralph", "--target", url, "--engine", engine, ...LOAD]);
      const [redirect] = run.evidence.redirects ?? [];
      expect(run.evidence.redirects).toEqual([
        {
          endpoint: "orchestration-start",
          method: "POST",
          path: START,
          to: `${START}/`,
          requests: expect.any(Number),
        },
      ]);
      expect(run.statusCounts.find(({ status }) => status === 307)?.count).toBe(redirect?.requests);
      const start = findRow(run.metrics, "http_req_failed", { name: "orchestration-start" });
      expect([start?.samples, start?.ratio]).toEqual([2 * (redirect?.requests ?? 0), 0.5]);
      expect(exitCode).toBe(4);
      expect(verdict.reasons).toContainEqual({
        code: "redirected",
        message: expect.stringMatching(
          `^POST ${START} answers 307 to ${START}/: [0-9]+ requests had to be made twice`,
        ),
        remedy: expect.stringContaining(`write ${START}/`),
      });
      expect([...bodies]).toEqual([expect.stringMatching(/^POST \{"agent_type"/)]);
    });
  });
});

describe.concurrent("behind a redirect the embedded engine", () => {
  /** Every GET to the same path of another address; what that heard, and what the gate said. */
  const redirectedTo = (address: string) => {
    const heard: string[] = [];
    const answer = (response: ServerResponse, status: number) =>
      response
        .writeHead(status, { "Content-Type": "application/json" })
        .end('{"status":"healthy","task_id":"t1"}');
    const other: RequestListener = (request, response) => {
      heard.push(request.url ?? "");
      answer(response, 200);
    };
    return withServer(other, (url) => {
      const to = url.replace("127.0.0.1", address);
      const target: RequestListener = (request, response) =>
        request.method === "POST" || request.url === "/"
          ? answer(response, 201)
          : response.writeHead(307, { Location: `${to}${request.url}` }).end();
      return withServer(target, async (asked) => {
        const args = ["ralph", "--target", asked, "--engine", "autocannon", ...LOAD];
        return { ...(await gate(args)), heard, to };
      });
    });
  };

  it("sends nothing to a host that nobody allowed", async () => {
    // 0.0.0.0 is outside the private ranges to the guard, and this machine to the system.
    const { exitCode, verdict, run, heard } = await redirectedTo("0.0.0.0");
    expect([exitCode, heard]).toEqual([4, []]);
    expect(verdict.reasons.map(({ code }) => code)).toContain("host-not-allowed");
    const [refused] = run.evidence.refusedHosts ?? [];
    expect(refused).toMatchObject({ host: "0.0.0.0" });
    expect(run.errors).toEqual([{ kind: "host not allowed", count: refused?.requests }]);
  });

  it("goes to another port, and names the target that would do", async () => {
    const { verdict, heard, to } = await redirectedTo("127.0.0.1");
    expect(heard.length).toBeGreaterThan(100);
    expect(verdict.reasons.find(({ code }) => code === "redirected")?.remedy).toContain(
      `give --target ${to};`,
    );
  });
});
