import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { emitters } from "../../src/planner/emit/index.ts";
import { tunePostgresql } from "../../src/planner/emit/postgresql.ts";
import { canonicalPlan, refusedPlan } from "../canonical-plan.ts";
import { catalogue } from "./sizers/context.ts";

const GIB = 1024 ** 3;
const emit = (name: string, params: unknown, plan = canonicalPlan()) => {
  const emitter = emitters[name];
  return emitter?.emit(emitter.params.parse(params), { plan, catalogue }) ?? null;
};

const PARAMS: Record<string, unknown> = {
  tfvars: {
    min_instances: "2",
    max_instances: "api.ceiling",
    desired_instances: "api.recommended",
    db_instance_class: "database.class",
  },
  hpa: { resource: "api", deployment: "shop", min: 2, max: 4, cpu: "70%", memory: "80%" },
  postgresql: { class: "database", connections: "connections" },
  redis: { resource: "redis", policy: "allkeys-lru", appendfsync: "everysec" },
};

describe("emitters", () => {
  it("all have an example here", () =>
    expect(Object.keys(PARAMS).sort()).toEqual(Object.keys(emitters).sort()));

  it.each(Object.entries(PARAMS))("%s is as agreed", async (name, params) => {
    const file = emit(name, params);
    await expect(file?.text).toMatchFileSnapshot(`golden/${file?.name.replace(".", ".golden.")}`);
  });

  it.each(Object.entries(PARAMS))(
    "%s is not written where a resource it needs was refused",
    (name, params) => {
      expect(emit(name, params, refusedPlan())).toBeNull();
    },
  );

  it("the manifest is YAML that never lowers the maximum, whatever a warning says", () => {
    const plan = canonicalPlan("tail\nkind: Pod");
    const manifest = parse(emit("hpa", PARAMS.hpa, plan)?.text ?? "");
    expect(manifest).toMatchObject({
      kind: "HorizontalPodAutoscaler",
      spec: { minReplicas: 2, maxReplicas: 6 },
    });
  });
});

describe("PostgreSQL's settings", () => {
  it("are pgtune's for 8 GiB, 4 cores, 200 connections, web", () => {
    // pgtune: shared_buffers 2GB, effective_cache_size 6GB, maintenance_work_mem 512MB, wal_buffers 16MB, work_mem 10280kB
    const set = tunePostgresql(8 * GIB, 4, 200);
    expect(set.sharedBuffersBytes).toBe(2 * GIB);
    expect(set.effectiveCacheSizeBytes).toBe(6 * GIB);
    expect(set.maintenanceWorkMemBytes).toBe(GIB / 2);
    expect(set.walBuffersBytes).toBe(16 * 1024 ** 2);
    expect(Math.floor(set.workMemBytes / 1024)).toBe(10_280);
  });

  it("stop growing where pgtune stops", () => {
    expect(tunePostgresql(256 * GIB, 32, 100).maintenanceWorkMemBytes).toBe(2 * GIB);
    expect(tunePostgresql(GIB, 2, 5000).workMemBytes).toBe(64 * 1024);
  });
});
