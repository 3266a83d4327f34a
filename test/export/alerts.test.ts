import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Ceiling, renderAlerts } from "../../src/export/alerts.ts";
import { server } from "../canonical.ts";

const ceiling: Ceiling = {
  resource: "api",
  signal: "requests",
  unit: "per-second",
  query: "sum(rate(http_requests_total[$window]))",
  level: 420,
  leadTimeDays: 14,
  expected: "The plan of 2026-11-16 expected this about 2026-12-20.",
};

const rulesOf = (text: string) =>
  (parse(text) as { groups: { name: string; rules: Record<string, string>[] }[] }).groups;

describe("alerting rules", () => {
  it("are as agreed: the SLA, its absence, exhaustion", async () => {
    const text = renderAlerts({
      system: "shop",
      criteria: [
        server(),
        server({
          id: "uptime",
          query: "min(up[$window])",
          unit: "ratio",
          bound: { operator: ">=", value: 0.99 },
          stat: { kind: "avg" },
          severity: "warn",
        }),
      ],
      ceilings: [ceiling],
    });
    await expect(text).toMatchFileSnapshot("golden/alerts.golden.yaml");
  });

  it("fire on the far side of every bound, and never on missing data alone", () => {
    for (const [operator, fires] of [
      ["<=", "> 0.7"],
      ["<", ">= 0.7"],
      [">=", "< 0.7"],
      [">", "<= 0.7"],
    ] as const) {
      const text = renderAlerts({
        system: "shop",
        criteria: [server({ bound: { operator, value: 0.7 } })],
        ceilings: [],
      });
      const [sla, silence] = rulesOf(text);
      expect(sla?.rules[0]?.expr).toBe(`(max(cpu)) ${fires}`);
      expect(silence?.rules[0]?.expr).toBe("absent(max(cpu))");
    }
  });
});
