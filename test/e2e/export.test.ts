import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { type Ceiling, renderAlerts } from "../../src/export/alerts.ts";
import { NO_ALERTING } from "../../src/model/alerting.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { headroom, temporaryFolder } from "./cli.ts";

const promtool = (...args: string[]) =>
  execa((inject("prometheus") as string).replace(/prometheus$/, "promtool"), args, {
    reject: false,
    all: true,
  });

describe.skipIf(inject("prometheus") === null).concurrent("export alerts", () => {
  it.each(listSystems("."))("%s: promtool finds nothing wrong with its rules", async (system) => {
    const [out, rules] = [temporaryFolder(), join(temporaryFolder(), "rules.yaml")];
    await headroom([
      "plan",
      system,
      "--history",
      "sample",
      "--capacity",
      "none",
      "--out",
      out,
      "--format",
      "json",
    ]);
    const said = await headroom([
      "export",
      "alerts",
      system,
      "--plan",
      join(out, "plan.json"),
      "--out",
      rules,
    ]);
    expect(said.exitCode, said.stderr).toBe(0);
    const checked = await promtool("check", "rules", rules);
    expect([checked.exitCode, checked.all], checked.all).toEqual([
      0,
      expect.stringMatching(/SUCCESS: \d+ rules found/),
    ]);
    const groups = (parse(readFileSync(rules, "utf8")) as { groups: { name: string }[] }).groups;
    const names = groups.map(({ name }) => name);
    for (const kind of ["operators", "no-data", "exhaustion"]) expect(names).toContain(`${system}-${kind}`);
  });

  const ceiling: Ceiling = {
    resource: "api",
    signal: "requests",
    unit: "per-second",
    query: "requests",
    level: 100,
    leadTimeDays: 14,
    expected: "",
  };
  const HOURS = 24 * 7 * 8;
  /** Eight weeks, hour by hour, with the rhythms of day and week. */
  const weeks = (level: (hour: number) => number) =>
    Array.from({ length: HOURS }, (_, hour) => {
      const day = 1 + 0.6 * Math.sin(((hour % 24) / 24) * 2 * Math.PI);
      const weekend = Math.floor(hour / 24) % 7 >= 5 ? 0.6 : 1;
      return ((level(hour) * day * weekend) / 1.6).toFixed(2);
    }).join(" ");

  it.each([
    {
      name: "a busy hour at 80% of the ceiling that does not grow, with an incident of two hours, wakes nobody",
      level: (hour: number) => (hour % 500 === 350 || hour % 500 === 351 ? 99 : 80),
      fires: [],
    },
    {
      name: "growth that will pass it within the lead time is told while there is time",
      level: (hour: number) => 60 + (36 * hour) / HOURS,
      fires: ["ShopApiRequestsRunsOut"],
    },
    {
      name: "steep growth far below it is none of its business",
      level: (hour: number) => 10 + (40 * hour) / HOURS,
      fires: [],
    },
  ])("$name", async ({ level, fires }) => {
    const folder = temporaryFolder();
    const rules = join(folder, "rules.yaml");
    writeFileSync(
      rules,
      renderAlerts({ system: "shop", criteria: [], ceilings: [ceiling], alerting: NO_ALERTING }),
    );
    // promtool's own tests are of rules: at the end of eight weeks these alerts and no others fire.
    const alerts = ["ShopApiRequestsRunsOut", "ShopApiRequestsExhausted"].map((alertname) => ({
      eval_time: `${HOURS - 1}h`,
      alertname,
      exp_alerts: fires.includes(alertname)
        ? [{ exp_labels: { severity: "warning", system: "shop", resource: "api", signal: "requests" } }]
        : [],
    }));
    const test = join(folder, "test.yaml");
    writeFileSync(
      test,
      JSON.stringify({
        rule_files: [rules],
        evaluation_interval: "1h",
        tests: [
          {
            interval: "1h",
            input_series: [{ series: "requests", values: weeks(level) }],
            alert_rule_test: alerts,
          },
        ],
      }),
    );
    const tested = await promtool("test", "rules", test);
    if (fires.length === 0) expect(tested.exitCode, tested.all).toBe(0);
    else
      expect(tested.all).toMatch(
        /ShopApiRequestsRunsOut[\s\S]*got:\[[\s\S]*alertname="ShopApiRequestsRunsOut"/,
      );
  });

  it.each([
    { name: "20 times the budget for an hour", values: "0.02x90", at: "80m", fires: ["Page", "Ticket"] },
    {
      name: "an hour of it that ended 40 minutes ago",
      values: "0.02x60 0x60",
      at: "101m",
      fires: ["Ticket"],
    },
    { name: "twice the budget, steadily", values: "0.002x400", at: "380m", fires: ["Ticket"] },
    { name: "less than the budget", values: "0.0009x400", at: "380m", fires: [] },
  ])("a budget that burns is told: $name", async ({ values, at, fires }) => {
    const folder = temporaryFolder();
    const rules = join(folder, "rules.yaml");
    const objective = {
      id: "ok",
      objective: 0.999,
      bad: "avg_over_time(bad[$window])",
      why: "Guide: Targets.",
    };
    const alerting = { alerts: [], objectives: [objective] };
    writeFileSync(rules, renderAlerts({ system: "shop", criteria: [], ceilings: [], alerting }));
    const labels = (severity: string) => ({ severity, system: "shop", objective: "ok" });
    const severities = { Page: "critical", Ticket: "warning" } as const;
    const tests = (["Page", "Ticket"] as const).map((kind) => ({
      eval_time: at,
      alertname: `ShopOkBurn${kind}`,
      exp_alerts: fires.includes(kind) ? [{ exp_labels: labels(severities[kind]) }] : [],
    }));
    const test = join(folder, "test.yaml");
    writeFileSync(
      test,
      JSON.stringify({
        rule_files: [rules],
        evaluation_interval: "1m",
        tests: [{ interval: "1m", input_series: [{ series: "bad", values }], alert_rule_test: tests }],
      }),
    );
    const tested = await promtool("test", "rules", test);
    // What is told carries annotations, which promtool compares too: only the names of what fires are looked at.
    const told = [...String(tested.all).matchAll(/got:\[[^\]]*?alertname="ShopOkBurn(\w+)"/g)].map(
      ([, kind]) => kind,
    );
    expect(told).toEqual(fires);
  });

  it("says what is missing", async () => {
    const cwd = temporaryFolder();
    const none = await headroom(["export", "hpa", "ralph"], { cwd });
    expect([none.exitCode, none.stderr]).toEqual([
      2,
      expect.stringMatching(/no plan of ralph.*headroom plan ralph/),
    ]);
    const without = await headroom(["export", "alerts", "ralph"], { cwd });
    expect([without.exitCode, without.stderr]).toEqual([
      0,
      expect.stringMatching(/no plan of ralph: without one/),
    ]);
    await headroom(["plan", "ralph", "--history", "sample"], { cwd });
    const hpa = await headroom(["export", "hpa", "ralph"], { cwd });
    expect([hpa.exitCode, hpa.stdout]).toEqual([0, expect.stringMatching(/kind: HorizontalPodAutoscaler/)]);
    const absent = await headroom(["export", "tfvars", "ralph"], { cwd });
    expect(absent.exitCode, absent.stderr).toBeLessThanOrEqual(2);
  });
});
