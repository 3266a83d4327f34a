import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isSized } from "../../src/model/plan.ts";
import { duringUpdate, type Surge } from "../../src/planner/sizers/instance-growth.ts";
import { listSystems } from "../../src/systems/list-systems.ts";
import { lineOf, parametersIn, shippedPlan } from "./shipped-plan.ts";

/** Lines that Terraform's language has: comments, `name = value`, blocks and their ends. */
const HCL_LINE =
  /^(#.*|\s*[a-z_][a-z0-9_]*\s+= ("([^"\\]|\\.)*"|\d+)|(resource "[a-z_]+" "[a-z_][a-z0-9_]*"|\s+parameter) \{|\s*\}|)$/;

const maxConnectionsIn = (text: string): number =>
  Number(parametersIn(text).max_connections ?? /^max_connections = (\d+)$/m.exec(text)?.[1]);

describe.each(listSystems("."))("%s: the emitted files", (system) => {
  const shipped = shippedPlan(system);
  const { files, plan, profile } = shipped;
  const pools = plan.sizing.filter(isSized).filter(({ pool }) => pool !== null);
  const manifest = files.hpa && parse(files.hpa.text);

  it("are all written", () => {
    const asked = Object.entries(profile.emit).filter(([, params]) => params !== undefined);
    expect(Object.keys(files).sort()).toEqual(asked.map(([name]) => name).sort());
  });

  it("agree about the instances", () => {
    const [, most] = /^max_instances\s+= (\d+)$/m.exec(files.tfvars?.text ?? "") ?? [];
    const [, desired] = /^desired_instances\s+= (\d+)$/m.exec(files.tfvars?.text ?? "") ?? [];
    const recommended = lineOf(shipped, "api-instances").recommended;
    if (manifest !== undefined) expect(manifest.spec.maxReplicas).toBeGreaterThanOrEqual(recommended);
    if (most !== undefined)
      expect([Number(most), Number(desired)]).toEqual([manifest.spec.maxReplicas, recommended]);
  });

  it("agree about the connections: the autoscaler's maximum, in an update, with the pools that are named", () => {
    const text = files.postgresql?.text;
    if (text === undefined) return;
    const max = maxConnectionsIn(text);
    for (const line of pools) {
      expect(max).toBe(line.recommended);
      const { pool } = line;
      if (pool === null) continue;
      const most = manifest?.spec.maxReplicas ?? pool.upTo;
      const rule = profile.sizing.find(({ resource }) => resource === line.resource);
      const surge = (rule?.params as { surge?: Surge } | undefined)?.surge;
      expect(duringUpdate(most, surge) * pool.recommended + 3).toBeLessThanOrEqual(max);
      if (pool.recommended < pool.current)
        for (const file of [files.hpa, files.tfvars, files.postgresql])
          if (file) expect(file.text).toContain(`at most ${pool.recommended} connections per instance`);
    }
  });

  it("agree about the classes", () => {
    const [, db] = /^db_instance_class\s+= "(.*)"$/m.exec(files.tfvars?.text ?? "") ?? [];
    const [, node] = /^redis_node_type\s+= "(.*)"$/m.exec(files.tfvars?.text ?? "") ?? [];
    if (db !== undefined) expect(files.postgresql?.text).toContain(`(${db})`);
    if (node !== undefined) expect(files.redis?.text).toContain(node);
  });

  it("are Terraform's language where they say so", () => {
    for (const { name, text } of Object.values(files))
      if (/\.(tf|tfvars)$/.test(name)) {
        for (const line of text.split("\n")) expect(line).toMatch(HCL_LINE);
        expect(text.split("{").length).toBe(text.split("}").length);
      }
  });
});
