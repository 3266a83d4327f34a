import { contextWith, levels } from "./context.ts";

const GIB = 1024 ** 3;

/** Parameters of every sizer and a demand each, for what must hold of all. */
export const EXAMPLES: Record<string, { params: unknown; context: ReturnType<typeof contextWith> }> = {
  instances: {
    params: {
      current: 3,
      spare: 1,
      drivers: [{ name: "CPU", demand: "d", usage: "u", cores: 1 }],
    },
    context: contextWith({ demands: { d: levels(50, 90) }, cost: 0.01 }),
  },
  limit: {
    params: { signal: "d", what: "storage", current: "100GiB", usable: "85%", step: "10GiB", unit: "GiB" },
    context: contextWith({ demands: { d: { ...levels(50 * GIB, 80 * GIB), unit: "bytes" } } }),
  },
  connections: {
    params: { instances: "api", pool: 60, maxConnections: 200, surge: "25%", scaleOut: 5 },
    context: contextWith({ resources: { api: levels(3, 5) } }),
  },
  "database-class": {
    params: { current: "db.r6g.large", families: ["db.r6g"], cpu: "d" },
    context: contextWith({ demands: { d: { ...levels(1, 2), unit: "cores" } } }),
  },
  "redis-memory": {
    params: { used: "d", class: "cache.r6g.large", nodes: 3, families: ["cache.r6g"] },
    context: contextWith({ demands: { d: { ...levels(4 * GIB, 9 * GIB), unit: "bytes" } } }),
  },
  "mongodb-cache": {
    params: { used: "d", current: "2GiB" },
    context: contextWith({ demands: { d: { ...levels(GIB, 2 * GIB), unit: "bytes" } } }),
  },
  concurrency: {
    params: { demand: "d", seconds: "2s", mostWaiting: "10%" },
    context: contextWith({ demands: { d: levels(2, 5) } }),
  },
  "rate-tiers": {
    params: {
      demand: "d",
      current: 2,
      tiers: [
        { below: "100/min", cores: 1, memory: "2GiB" },
        { below: "500/min", cores: 2, memory: "4GiB" },
        { cores: 4, memory: "8GiB" },
      ],
    },
    context: contextWith({ demands: { d: levels(1, 9) } }),
  },
  rule: {
    params: {
      demand: "d",
      what: "read queries",
      current: 1,
      unit: "replicas",
      rule: { each: 5000, atLeast: 1 },
    },
    context: contextWith({ demands: { d: levels(1000, 9000) } }),
  },
};
