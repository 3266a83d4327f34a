import { describe, expect, it } from "vitest";
import { follow, nextHop } from "../../src/engines/embedded/follow.ts";
import { mayFollow } from "../../src/engines/embedded/may-follow.ts";
import type { Call, Reply } from "../../src/engines/embedded/user-pool.ts";

const url = new URL("http://a.example:80/items?x=1");
const HEADERS = { Authorization: "Bearer t", "Content-Type": "application/json", "X-Team": "a" };
const call = (method: string): Call => ({
  method,
  path: "/items?x=1",
  headers: HEADERS,
  body: method === "GET" ? null : "{}",
});
const redirect = (status: number, location?: string): Reply => ({
  status,
  durationMs: 1,
  body: "",
  headers: location === undefined ? {} : { location },
  error: null,
});
const hop = (method: string, status: number, location?: string) =>
  nextHop({ url, call: call(method) }, redirect(status, location));

describe("nextHop: what a redirect asks to be sent, as Go's net/http does it", () => {
  it.each([301, 302, 303])("%i makes a POST a GET without its body", (status) => {
    expect(hop("POST", status, "/items/?x=1")).toEqual({
      url: new URL("http://a.example/items/?x=1"),
      call: {
        method: "GET",
        path: "/items/?x=1",
        headers: { Authorization: "Bearer t", "X-Team": "a" },
        body: null,
      },
    });
    expect(hop("GET", status, "sub")?.call).toEqual({ ...call("GET"), path: "/sub" });
  });

  it.each([307, 308])("%i keeps method and body", (status) => {
    expect(hop("DELETE", status, "https://a.example/items/")?.call).toEqual({
      ...call("DELETE"),
      path: "/items/",
    });
  });

  it("keeps credentials to the host and what is below it", () => {
    const authorized = [
      "https://a.example:8443/",
      "http://b.a.example/",
      "http://b.example/",
      "http://xa.example/",
    ];
    expect(authorized.map((to) => "Authorization" in (hop("GET", 307, to)?.call.headers ?? {}))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    [200, "/x"],
    [300, "/x"],
    [304, "/x"],
    [302, undefined],
    [302, "ftp://a.example/x"],
    [302, "http://"],
  ])("%i to %s is the answer", (status, location) => {
    expect(hop("GET", status, location)).toBeNull();
  });
});

describe("follow", () => {
  it("hands over every answer on the way, and returns the last", async () => {
    const answers = [redirect(307, "/b"), redirect(301, "/c"), redirect(200)];
    const [sent, seen]: [string[], number[]] = [[], []];
    const first = { url, call: call("POST"), reply: answers.shift() as Reply };
    const last = await follow(
      first,
      async ({ call }) => {
        sent.push(`${call.method} ${call.path} ${call.body}`);
        return answers.shift() as Reply;
      },
      ({ status }) => seen.push(status),
    );
    expect([last.reply.status, last.url.pathname]).toEqual([200, "/c"]);
    expect([sent, seen]).toEqual([
      ["POST /b {}", "GET /c null"],
      [307, 301],
    ]);
  });

  it("ends a circle after ten, with the redirect for its answer", async () => {
    let sent = 0;
    const last = await follow(
      { url, call: call("GET"), reply: redirect(302, "/") },
      async () => redirect(302, `/${++sent}`),
      () => {},
    );
    expect([last.reply.status, sent]).toEqual([302, 10]);
  });
});

it("load follows to the target's own host, to what was allowed, and to private addresses", () => {
  const reach = { hosts: ["other.example"], addresses: ["203.0.113.7"] };
  const may = (to: string) => mayFollow(new URL("http://a.example:8000/api"), new URL(to), reach);
  const near = ["http://127.0.0.1/", "http://[::1]:8/", "http://10.1.2.3/", "http://localhost/"];
  const allowed = [
    "https://a.example/",
    "http://A.example:1/x",
    "https://Other.example/",
    "http://203.0.113.7/",
  ];
  const not = ["http://b.a.example/", "http://0.0.0.0/", "http://203.0.113.8/", "http://intranet/"];
  expect([...near, ...allowed].filter((to) => !may(to))).toEqual([]);
  expect(not.filter(may)).toEqual([]);
});
