import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { type Call, openUsers, type UserPool } from "../../src/engines/embedded/user-pool.ts";

/** A server of raw bytes: what it writes for the n-th request (from 1) of the c-th connection (from 1). */
type Behave = (socket: Socket, request: number, connection: number, text: string) => void;

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const get: Call = { method: "GET", path: "/", headers: {}, body: null };
const post: Call = { method: "POST", path: "/", headers: { "Content-Type": "application/json" }, body: "{}" };

const sockets = new Set<Socket>();
const opened: { server: Server; pool: UserPool }[] = [];
let connections = 0;
let requests = 0;

async function user(behave: Behave) {
  connections = requests = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    let count = 0;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      requests++;
      behave(socket, ++count, connection, String(data));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const pool = openUsers(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 1, 1);
  opened.push({ server, pool });
  const [first] = pool.users;
  if (first === undefined) throw new Error("no user");
  return first;
}

// autocannon takes up to a second to end: all at once, after the last.
afterAll(async () => {
  await Promise.all(opened.map(({ pool }) => pool.close()));
  for (const socket of sockets) socket.destroy();
  for (const { server } of opened) server.close();
});

const statuses = async (
  asked: { call(call: Call): Promise<{ status: number; error: string | null }> },
  calls: Call[],
) => {
  const seen: (number | string)[] = [];
  for (const call of calls) {
    const { status, error } = await asked.call(call);
    seen.push(error ?? status);
  }
  return seen;
};

describe("a connection that ends where HTTP says so fails nobody", () => {
  it("after an answer with Connection: close, of every second and of every request", async () => {
    for (const every of [1, 2]) {
      const one = await user((socket, request) =>
        request % every === 0
          ? socket.end(OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
          : socket.write(OK),
      );
      expect(await statuses(one, [get, post, get, post, get])).toEqual([200, 200, 200, 200, 200]);
      expect([requests, connections]).toEqual([5, Math.ceil(5 / every)]);
    }
  });

  it("after an answer of HTTP/1.0, with a length and without", async () => {
    const one = await user((socket, _, connection) =>
      socket.end(`HTTP/1.0 200 OK\r\n${connection % 2 === 0 ? "Content-Length: 2\r\n" : ""}\r\nok`),
    );
    const replies = [await one.call(get), await one.call(post), await one.call(get)];
    expect(replies.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([200, "ok"]));
  });

  it("with an answer whose end is the connection's", async () => {
    const one = await user((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\npart one,");
      setTimeout(() => socket.end(" part two"), 20);
    });
    expect(await one.call(get)).toMatchObject({ status: 200, body: "part one, part two" });
    expect(await one.call(post)).toMatchObject({ status: 200, body: "part one, part two" });
  });

  it("while it was idle, by a reset, an end, or a 408 nobody asked for", async () => {
    const endings: ((socket: Socket) => void)[] = [
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.end(),
      (socket) =>
        socket.end("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    ];
    for (const end of endings) {
      const one = await user((socket) => socket.write(OK));
      for (const call of [post, post, get]) {
        expect(await one.call(call)).toMatchObject({ status: 200, error: null });
        const closed = new Promise((resolve) => [...sockets].at(-1)?.once("close", resolve));
        end([...sockets].at(-1) as Socket);
        await closed;
      }
      expect([requests, connections]).toEqual([3, 3]);
    }
  });

  it("and an answer after 103 Early Hints is the answer", async () => {
    const one = await user((socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`));
    expect(await statuses(one, [get, get])).toEqual([200, 200]);
    expect(connections).toBe(1);
  });
});

describe("a request that met the close of a used connection", () => {
  const dropsSecond: Behave = (socket, request) =>
    request === 1 ? socket.write(OK) : socket.resetAndDestroy();

  it("is sent once more when it may be repeated, as Go does", async () => {
    const keyed = { ...post, headers: { ...post.headers, "Idempotency-Key": "1" } };
    const one = await user(dropsSecond);
    expect(await statuses(one, [get, get, get, keyed, keyed])).toEqual([200, 200, 200, 200, 200]);
    expect(requests).toBe(9);
  });

  it("fails when it may not and was written", async () => {
    const one = await user(dropsSecond);
    expect(await statuses(one, [post, post, post])).toEqual([200, "connection reset", 200]);
    expect(requests).toBe(3);
  });

  it("fails when the new connection is closed as well", async () => {
    const one = await user((socket, _, connection) =>
      connection === 1 ? socket.resetAndDestroy() : socket.end(),
    );
    expect(await statuses(one, [get])).toEqual(["connection closed"]);
    expect([requests, connections]).toEqual([2, 2]);
  });
});

describe("a real failure stays one", () => {
  it.each<[string, string, Behave]>([
    ["a reset within the head", "connection reset", (socket) => half(socket, "HTTP/1.1 200 OK\r\nConte")],
    ["a reset within the body", "connection reset", (socket) => half(socket, OK.slice(0, -1))],
    [
      "a reset of a body without a length",
      "connection reset",
      (socket) => half(socket, "HTTP/1.1 200 OK\r\n\r\nab"),
    ],
    ["an end before the length", "connection closed", (socket) => socket.end(OK.slice(0, -1))],
    ["what is no HTTP", "malformed answer", (socket) => socket.write("220 ready\r\n")],
    ["a body without an end", "request timed out", (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\nab")],
  ])("%s", async (_, error, behave) => {
    const one = await user((socket, request, connection, text) =>
      connection === 1 && request === 1 ? socket.write(OK) : behave(socket, request, connection, text),
    );
    expect(await statuses(one, [get, get, post])).toEqual([200, error, error]);
    expect(requests).toBe(3);
  });

  const half = (socket: Socket, text: string) => {
    socket.write(text);
    setTimeout(() => socket.resetAndDestroy(), 20);
  };
});
