import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type Call, openUsers } from "../../src/engines/embedded/user-pool.ts";

const call = (path: string, body: string | null = null): Call => ({
  method: body === null ? "GET" : "POST",
  path,
  headers: { "X-Mine": "1" },
  body,
});

/** Echoes; `/die` drops the connection, `/half` breaks off its answer, `/late` takes 1.5 s. */
const echo: RequestListener = (request, response) => {
  if (request.url === "/die") return request.socket.destroy();
  if (request.url === "/half") {
    response.writeHead(200, { "Content-Length": 100 }).write("abc");
    return void setTimeout(() => request.socket.destroy(), 20);
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const answer = JSON.stringify({
      method: request.method,
      path: request.url,
      mine: request.headers["x-mine"],
      body: Buffer.concat(chunks).toString(),
    });
    setTimeout(() => response.end(answer), request.url === "/late" ? 1500 : 0);
  });
};

describe("openUsers: autocannon's connections, one request at a time on command", () => {
  it("sends what it is told to, survives broken connections, and never mixes up answers", async () => {
    let requests = 0;
    const server = createServer((request, response) => {
      requests++;
      echo(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const pool = openUsers(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 3, 1);
    const [user, other] = pool.users;
    expect(pool.users).toHaveLength(3);
    expect(requests).toBe(0);

    const ok = (path: string, reply: { status: number; body: string }) =>
      expect([reply.status, JSON.parse(reply.body).path]).toEqual([200, path]);
    const posted = await user!.call(call("/a", '{"x":1}'));
    expect(JSON.parse(posted.body)).toEqual({ method: "POST", path: "/a", mine: "1", body: '{"x":1}' });
    expect(await user!.call(call("/die"))).toMatchObject({ status: 0, error: "connection closed" });
    ok("/b", await user!.call(call("/b")));
    expect(await user!.call(call("/half"))).toMatchObject({ status: 0, error: "connection closed" });
    ok("/c", await user!.call(call("/c")));
    const late = await user!.call(call("/late"));
    expect(late).toMatchObject({ status: 0, error: "request timed out" });
    expect(late.durationMs).toBeGreaterThan(900);
    ok("/d", await user!.call(call("/d")));
    const both = await Promise.all([user!.call(call("/e")), other!.call(call("/f"))]);
    ok("/e", both[0]);
    ok("/f", both[1]);

    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await user!.call(call("/g"))).toMatchObject({ status: 0, error: "connection refused" });
    // "/die" on a connection that had served before was asked once more, on a new one.
    expect(requests).toBe(10);
    await pool.close();
  });
});
