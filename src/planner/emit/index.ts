import type { Emitter } from "./emitter.ts";
import { hpa } from "./hpa.ts";
import { postgresql } from "./postgresql.ts";
import { redis } from "./redis.ts";
import { tfvars } from "./tfvars.ts";

/** What a profile's `emit` may name. */
export const emitters: Readonly<Record<string, Emitter>> = { tfvars, hpa, postgresql, redis };
