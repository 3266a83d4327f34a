import { describe, expect, it } from "vitest";
import type { Redirect } from "../../src/model/evidence.ts";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun, failed, METRICS } from "../canonical.ts";
import { inWords, reasonsOf } from "./reasons-of.ts";

const redirect = (given: Partial<Redirect>): Redirect => ({
  endpoint: "buy",
  method: "POST",
  path: "/buy",
  to: "/buy/",
  requests: 1500,
  ...given,
});
const run = (redirects: Redirect[], status: number | null = 307): RunResult => ({
  ...canonicalRun({ redirects }, [...METRICS, failed({ name: "rare" }, 202, 0)]),
  statusCounts: [
    { status: 200, count: 4500 },
    ...(status === null ? [301, 307] : [status]).map((one) => ({ status: one, count: 1500 })),
  ],
});
const reasons = (...given: Parameters<typeof run>) =>
  reasonsOf(run(...given)).filter(({ code }) => code === "redirected");

describe("redirected: an endpoint that only answers behind a redirect", () => {
  it("is named with both addresses, and may have broken a criterion", () => {
    const [reason] = reasons([redirect({})]);
    expect(inWords(reason!)).toBe(
      "POST /buy answers 307 to /buy/: 1500 requests had to be made twice, and the quick redirects count among the latencies. Correct the journey's address: write /buy/; or list the redirect under the step's `expect`.",
    );
    expect(reason?.excusesFailure).toBe(true);
  });

  it("says when the body was lost, and which target would do", () => {
    expect(reasons([redirect({ to: "https://shop.example/buy" })], 301).map(inWords)).toEqual([
      "POST /buy answers 301 to https://shop.example/buy (as GET, without its body): 1500 requests had to be made twice, and the quick redirects count among the latencies. Correct the journey's address: give --target https://shop.example; or list the redirect under the step's `expect`.",
    ]);
    expect(reasons([redirect({ method: "GET" })], 301)[0]?.message).not.toContain("as GET");
  });

  it("is named without a status where the run has several, and without an address where it is not known", () => {
    expect(reasons([redirect({ to: "" })], null)[0]?.message).toMatch(
      /^POST \/buy is redirected: 1500 requests/,
    );
  });

  it("is none up to a hundredth of its own requests, however many the others make", () => {
    const rare = (requests: number) => reasons([redirect({ endpoint: "rare", requests })]).length;
    expect([rare(2), rare(3)]).toEqual([0, 1]);
  });
});
