import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Ceiling, renderAlerts } from "../../src/export/alerts.ts";
import { type Alerting, NO_ALERTING } from "../../src/model/alerting.ts";
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
      alerting: NO_ALERTING,
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
        alerting: NO_ALERTING,
      });
      const [sla, silence] = rulesOf(text);
      expect(sla?.rules[0]?.expr).toBe(`(max(cpu)) ${fires}`);
      expect(silence?.rules[0]?.expr).toBe("absent(max(cpu))");
    }
  });

  const operators: Alerting = {
    alerts: [
      {
        alert: "HighCpu",
        expr: "max(cpu) > 0.7",
        for: "7m",
        severity: "sev2",
        labels: { service: "shop" },
        summary: "CPU is high",
        replaces: "cpu",
        why: "Guide: Alerts.",
      },
    ],
    objectives: [
      { id: "success", objective: 0.999, bad: "1 - sum(rate(good[$window]))", why: "Guide: Targets." },
    ],
  };

  it("are the operators' own where they have one, with their severity and patience", () => {
    const text = renderAlerts({ system: "shop", criteria: [server()], ceilings: [], alerting: operators });
    const groups = rulesOf(text);
    expect(groups.map(({ name }) => name)).toEqual(["shop-operators", "shop-objectives", "shop-no-data"]);
    expect(groups[0]?.rules).toEqual([
      {
        alert: "HighCpu",
        expr: "max(cpu) > 0.7",
        for: "7m",
        labels: { severity: "sev2", system: "shop", service: "shop" },
        annotations: { summary: "CPU is high", description: "Guide: Alerts." },
      },
    ]);
    // The criterion's silence stays: the operators' alert does not fire on missing data either.
    expect(groups[2]?.rules[0]?.expr).toBe("absent(max(cpu))");
  });

  it("of an objective are the workbook's windows and rates", () => {
    const text = renderAlerts({ system: "shop", criteria: [], ceilings: [], alerting: operators });
    const [, objectives] = rulesOf(text);
    const bad = (window: string) => `(1 - sum(rate(good[${window}])))`;
    expect(objectives?.rules.slice(0, 2).map(({ alert, expr, labels }) => ({ alert, expr, labels }))).toEqual(
      [
        {
          alert: "ShopSuccessBurnPage",
          expr: `(${bad("1h")} > 0.0144 and ${bad("5m")} > 0.0144) or (${bad("6h")} > 0.006 and ${bad("30m")} > 0.006)`,
          labels: { severity: "critical", system: "shop", objective: "success" },
        },
        {
          alert: "ShopSuccessBurnTicket",
          expr: `(${bad("1d")} > 0.003 and ${bad("2h")} > 0.003) or (${bad("3d")} > 0.001 and ${bad("6h")} > 0.001)`,
          labels: { severity: "warning", system: "shop", objective: "success" },
        },
      ],
    );
  });
});
