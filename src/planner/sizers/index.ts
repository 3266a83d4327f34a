import { byRule } from "./by-rule.ts";
import { concurrency } from "./concurrency.ts";
import { connections } from "./connections.ts";
import { databaseClass } from "./database-class.ts";
import { instances } from "./instances.ts";
import { limit } from "./limit.ts";
import { mongodbCache } from "./mongodb-cache.ts";
import { rateTiers } from "./rate-tiers.ts";
import { redisMemory } from "./redis-memory.ts";
import type { Sizer } from "./sizer.ts";

/** What a profile's `sizer` may name; adding one is a file and a line. */
export const sizers: Readonly<Record<string, Sizer>> = {
  instances,
  limit,
  connections,
  "database-class": databaseClass,
  "redis-memory": redisMemory,
  "mongodb-cache": mongodbCache,
  concurrency,
  "rate-tiers": rateTiers,
  rule: byRule,
};
