import { describe, expect, it } from "vitest";
import {
  followsRedirects,
  readRedirectLine,
  redirectedTo,
  redirectLine,
} from "../../scenarios/lib/redirects.ts";

describe("redirectedTo: where a redirect led, in the words of the step's path", () => {
  it.each([
    ["/items/{id}", "http://a:1/items/7", "http://a:1/items/7/", "/items/{id}/"],
    ["/items/{id}/", "http://a:1/items/7/", "http://a:1/items/7", "/items/{id}"],
    ["/items", "http://a:1/api/items", "http://a:1/api/items/?page=1", "/items/"],
    ["/items?page=1", "http://a/items?page=1", "https://a/items?page=1", "https://a/items"],
    ["/items", "http://a/items", "https://b:8/items/", "https://b:8/items/"],
    ["/items", "http://a/items", "http://a/items?lang=en", "/items?…"],
    ["/items", "http://a/items", "http://a/login?next=%2Fitems#top", "/login"],
    ["/items", "http://a/items", "http://me:secret@b/elsewhere", "http://b/elsewhere"],
  ])("%s asked as %s, reached at %s: %s", (path, asked, reached, to) => {
    expect(redirectedTo({ path }, asked, reached)).toBe(to);
  });

  it.each([
    ["http://a/x y?q=ü", "http://a/x%20y?q=%C3%BC"],
    ["http://me:secret@a/x", "http://a/x"],
    ["http://a/x#part", "http://a/x"],
    ["http://a/100%", "http://a/100%"],
  ])("%s and %s are the same address", (asked, reached) => {
    expect(redirectedTo({ path: "/x" }, asked, reached)).toBeNull();
  });
});

it("a step that expects a redirect has it for its answer", () => {
  const step = { endpoint: "a", method: "GET", path: "/" } as const;
  expect(
    [undefined, [200], [200, 304], [302], [200, 308]].map((expect) =>
      followsRedirects(expect ? { ...step, expect } : step),
    ),
  ).toEqual([true, true, true, false, false]);
});

it("a line of the log says where an endpoint's redirects lead, and no other line is taken for one", () => {
  expect(readRedirectLine(redirectLine("create item", '/"items"/'))).toEqual({
    endpoint: "create item",
    to: '/"items"/',
  });
  for (const line of [
    "",
    "redirected",
    "redirected {",
    'redirected {"endpoint":1}',
    'say redirected {"endpoint":"a","to":"b"}',
  ])
    expect(readRedirectLine(line)).toBeNull();
});
