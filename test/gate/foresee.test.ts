import { describe, expect, it } from "vitest";
import { expectCalls } from "../../src/gate/expected-calls.ts";
import { describeTooFew, foreseeTooFew } from "../../src/gate/foresee.ts";
import type { ClientCriterion } from "../../src/model/criterion.ts";
import { appliesTo } from "../../src/model/criterion.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { loadJourney, loadShape, planFor } from "../../src/systems/load-scenario.ts";
import { SHAPES } from "../../src/systems/shapes.ts";
import { loadThresholds } from "../../src/systems/thresholds-file.ts";
import { client, ERRORS } from "../canonical.ts";

const range = (mean: number) => ({ mean, low: mean, high: mean });
const about = { perIteration: 1, setup: 0, expectsOnlyErrors: false, needs: [] };
const EXPECTED = [
  {
    ...about,
    endpoint: "buy",
    requests: range(300),
    phases: [{ phase: "steady" as const, requests: range(70) }],
  },
  {
    ...about,
    endpoint: "look",
    requests: range(100),
    phases: [{ phase: "steady" as const, requests: range(20) }],
  },
];
const idsOf = (criteria: ClientCriterion[], expected = EXPECTED) =>
  foreseeTooFew(criteria, expected).map(({ id, planned, needed }) => [id, planned, needed]);

describe("a load that is too short", () => {
  it.each<[string, ClientCriterion[], unknown[]]>([
    [
      "for a share of all requests",
      [ERRORS, { ...ERRORS, id: "few", bound: { operator: "<", value: 0.001 } }],
      [["few", 400, 3688]],
    ],
    [
      "for a percentile of a phase",
      [
        client({ phase: "steady" }),
        client({ id: "p99", phase: "steady", stat: { kind: "quantile", q: 0.99 } }),
      ],
      [["p99", 90, 368]],
    ],
    [
      "for one endpoint",
      [client({ id: "look", tags: { name: "look" }, phase: "steady" })],
      [["look", 20, 72]],
    ],
    [
      "but not for what only warns, for means, or for tags that nobody plans",
      [
        client({ severity: "warn", phase: "steady", tags: { name: "look" } }),
        client({ stat: { kind: "avg" } }),
        { ...ERRORS, tags: { method: "GET" } },
      ],
      [],
    ],
  ])("%s", (_, criteria, expected) => expect(idsOf(criteria)).toEqual(expected));

  it("is not foreseen of a closed load", () => {
    const closed = EXPECTED.map((calls) => ({ ...calls, requests: null, phases: [] }));
    expect(foreseeTooFew([{ ...ERRORS, bound: { operator: "<", value: 0.0001 } }], closed)).toEqual([]);
  });

  it("is said in a sentence", () => {
    expect(describeTooFew({ id: "error-ratio", planned: 349.6, needed: 3688 })).toBe(
      "the load is too short to show that error-ratio holds: about 350 of the 3688 samples it takes",
    );
  });
});

describe("a shipped system's loads", () => {
  const cases = listSystems(".").flatMap((system) => SHAPES.map((shape) => [system, shape] as const));
  it.each(cases)("%s %s is long enough for its criteria", async (system, shape) => {
    const journey = await loadJourney(".", system);
    const plan = planFor(journey, await loadShape(".", system, shape), {}, shape);
    const criteria = loadThresholds(".", system).thresholds.client.filter((criterion) =>
      appliesTo(criterion, shape, plan),
    );
    expect(foreseeTooFew(criteria, expectCalls(journey, plan))).toEqual([]);
  });
});
