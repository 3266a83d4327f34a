import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, inject, it } from "vitest";
import { findRow } from "../../src/model/metric-row.ts";
import { gate, withServer } from "./cli.ts";

const LOAD = ["--scenario", "smoke", "--duration", "4s", "--rate", "60"];
const BODY =
  '{"status":"healthy","checks":{"database":true,"redis":true,"disk":true,"memory":true},"task_id":"t1"}';
const TYPE = "Content-Type: application/json";

/** Healthy, but as old or as strict about connections as HTTP allows. */
function shortLived(): { listener: RequestListener; met: Set<string> } {
  const met = new Set<string>();
  const used = new WeakSet<Socket>();
  let count = 0;
  const listener: RequestListener = (request, response) => {
    const { socket, method } = request;
    const turn = ++count % 5;
    const status = method === "POST" ? "201 Created" : "200 OK";
    const raw = (name: string, text: string) => {
      met.add(name);
      socket.end(text);
    };
    // A GET may be sent again: both engines do, as long as the connection has served before.
    if (turn === 0 && method === "GET" && used.has(socket)) {
      met.add("reset of a used connection");
      socket.resetAndDestroy();
      return;
    }
    used.add(socket);
    if (turn === 1) return raw("HTTP/1.0", `HTTP/1.0 ${status}\r\n${TYPE}\r\n\r\n${BODY}`);
    if (turn === 2) return raw("no length", `HTTP/1.1 ${status}\r\n${TYPE}\r\n\r\n${BODY}`);
    if (turn === 3) {
      met.add("close");
      response.setHeader("Connection", "close");
    }
    response.writeHead(Number.parseInt(status, 10), { "Content-Type": "application/json" }).end(BODY);
  };
  return { listener, met };
}

describe.concurrent("a healthy target whose connections end early fails nobody", () => {
  it.each(["k6", "autocannon"])("%s", async (engine) => {
    if (engine === "k6" && inject("k6") === null) return;
    const { listener, met } = shortLived();
    await withServer(listener, async (url) => {
      const { run } = await gate(["ralph", "--target", url, "--engine", engine, ...LOAD]);
      expect([...met].sort()).toEqual(["HTTP/1.0", "close", "no length", "reset of a used connection"]);
      expect([run.errors, findRow(run.metrics, "http_req_failed", {})?.ratio]).toEqual([[], 0]);
      expect(findRow(run.metrics, "http_reqs", {})?.count ?? 0).toBeGreaterThan(100);
    });
  });
});
