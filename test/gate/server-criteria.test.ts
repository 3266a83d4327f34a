import { describe, expect, it } from "vitest";
import type { RunResult } from "../../src/model/run.ts";
import { canonicalRun, client, ERRORS, server, thresholds } from "../canonical.ts";
import { verdictOf } from "./verdict-of.ts";

describe("server-side criteria", () => {
  const withServer = (observation: Partial<NonNullable<RunResult["server"]>[number]>): RunResult => ({
    ...canonicalRun(),
    server: [
      { id: "cpu", query: "max(cpu)", samples: 10, values: [], warnings: [], error: null, ...observation },
    ],
  });
  const criteria = thresholds([client(), ERRORS], [server()]);

  it("are left out with a notice when no Prometheus was named", () => {
    const verdict = verdictOf(canonicalRun(), criteria);
    expect(verdict.status).toBe("pass");
    expect(verdict.criteria.map(({ id }) => id)).toEqual(["p95", "error-ratio"]);
    expect(verdict.notices.join()).toMatch(
      /^the server-side criteria \(cpu\) were not looked at: name a Prometheus with --prometheus$/,
    );
  });

  it("all of them are named that were left out", () => {
    const two = thresholds([client(), ERRORS], [server(), server({ id: "memory" })]);
    expect(verdictOf(canonicalRun(), two).notices.join()).toMatch(
      /^the server-side criteria \(cpu, memory\) were/,
    );
  });

  it("take the worst series", () => {
    const run = withServer({
      values: [
        { labels: { pod: "a" }, value: 0.4 },
        { labels: { pod: "b" }, value: 0.9 },
      ],
    });
    expect(verdictOf(run, criteria).criteria[2]).toMatchObject({ observed: 0.9, status: "fail" });
  });

  it.each([">=", ">"] as const)("take the lowest where the limit is a floor (%s)", (operator) => {
    const values = [0.9, 0.4, 0.8].map((value) => ({ labels: {}, value }));
    const floor = thresholds([client(), ERRORS], [server({ bound: { operator, value: 0.5 } })]);
    expect(verdictOf(withServer({ values }), floor).criteria[2]).toMatchObject({
      kind: "server",
      metric: "max(cpu)",
      observed: 0.4,
      status: "fail",
    });
    // What is missing from a partial answer may be lower still.
    const partial = withServer({ values: values.slice(1), warnings: ["a store is away"] });
    expect(verdictOf(partial, floor).criteria[2]?.status).toBe("no-data");
  });

  it.each([
    ["a query that answered nothing", {}, "the query returned nothing over the run"],
    ["a query that failed", { error: "timeout" }, "timeout"],
    [
      "an answer that is partial, though what it holds is fine",
      { values: [{ labels: {}, value: 0.1 }], warnings: ["the answer is partial"] },
      "the store did not see everything: the answer is partial",
    ],
    [
      "another query than the criterion's",
      { query: "max(other)", values: [{ labels: {}, value: 0.1 }] },
      "the run did not ask Prometheus this query",
    ],
    [
      "the answer to another criterion",
      { id: "memory", values: [{ labels: {}, value: 0.1 }] },
      "the run did not ask Prometheus this query",
    ],
  ])("%s is no data", (_, observation, note) => {
    const verdict = verdictOf(withServer(observation), criteria);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.criteria[2]).toMatchObject({ status: "no-data", note });
  });

  it("a partial answer still shows what is broken", () => {
    const warnings = ["fetch series for store-2: unavailable"];
    const run = withServer({ values: [{ labels: {}, value: 0.95 }], warnings });
    expect(verdictOf(run, criteria).criteria[2]).toMatchObject({ status: "fail", note: warnings[0] });
  });
});
