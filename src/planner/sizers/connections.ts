import { z } from "zod";
import { formatNumber, formatQuantity } from "../../model/unit.ts";
import { findClass } from "../catalogue.ts";
import { name, share, whole } from "./params.ts";
import { type Driver, defineSizer, isRefused } from "./sizer.ts";

/** PostgreSQL keeps these for superusers (superuser_reserved_connections). */
const RESERVED = 3;

const Params = z
  .strictObject({
    instances: name.describe("Resource whose instances hold the pools; sized earlier in the file."),
    pool: whole.describe("Most connections of one instance: pool and overflow."),
    maxConnections: whole
      .min(RESERVED + 2)
      .optional()
      .describe("As set."),
    class: z.string().optional().describe("Instead: the default of this class of the catalogue."),
    usable: share
      .default(0.8)
      .describe("Share of the connections, less the reserved three, that may be used."),
    surge: share
      .optional()
      .describe("Instances a rolling update starts beside the running ones; Kubernetes: 25%."),
    scaleOut: whole.describe("Instances the operators' documents let it grow to."),
    observed: name.optional().describe("Signal of the connections that are open."),
  })
  .refine((one) => (one.maxConnections === undefined) !== (one.class === undefined), {
    message: "give exactly one of maxConnections and class",
  });

/** Database connections: every instance's pool may fill, and the database refuses the next one. */
export const connections = defineSizer<z.infer<typeof Params>>({
  describes:
    "database connections: instances × pool against max_connections, at the horizon and at full scale-out",
  params: Params,
  reads: ({ instances, observed }) => ({
    signals: observed === undefined ? [] : [observed],
    resources: [instances],
  }),
  size(params, context) {
    const fleet = context.resource(params.instances);
    if (isRefused(fleet)) return fleet;
    const found = params.class === undefined ? null : findClass(context.catalogue, params.class);
    if (params.class !== undefined && found === null)
      return { refused: `the catalogue has no class "${params.class}"` };
    const max = params.maxConnections ?? found?.maxConnections ?? 0;
    const usable = usableConnections(max, params.usable);
    const surge = params.surge ?? 0;
    const running = (count: number) => count + Math.ceil(count * surge);
    const asked = (count: number) => running(count) * params.pool;
    const update = surge > 0 ? `, rolling updates (${formatQuantity(surge, "ratio")} more) included` : "";
    const pools: Driver = {
      name: "connection pools",
      levels: fleet.levels,
      need: (count) => asked(Math.ceil(count)) / params.usable + RESERVED,
      capacity: {
        value: usable,
        unit: `connections of ${max}, ${RESERVED} reserved, ${formatQuantity(params.usable, "ratio")} of the rest`,
        source: "documented",
      },
      why: [
        `${params.instances} × ${params.pool} connections each${update}: ${asked(fleet.levels.p90.at(-1) as number)} at the horizon`,
      ],
    };
    const observed = params.observed === undefined ? null : context.demand(params.observed);
    const atFullScale = asked(params.scaleOut);
    const safePool = Math.floor(usable / running(params.scaleOut));
    const sum = `${params.scaleOut} instances × ${params.pool} = ${params.scaleOut * params.pool} connections${surge > 0 ? ` (${atFullScale} while a rolling update runs ${running(params.scaleOut) - params.scaleOut} more)` : ""}`;
    const against = `${usable} usable of ${max}${params.class === undefined ? "" : `, the default of ${params.class}`}`;
    const remedy = `pool at most ${safePool} per instance, put a pooler (PgBouncer, RDS Proxy) between, or raise max_connections to ${Math.ceil(atFullScale / params.usable + RESERVED)}`;
    return {
      unit: "connections",
      current: max,
      ...(params.class === undefined ? {} : { currentName: params.class }),
      drivers:
        observed === null || isRefused(observed)
          ? [pools]
          : [
              pools,
              {
                name: "open connections",
                levels: observed,
                need: (level) => level / params.usable + RESERVED,
                capacity: pools.capacity,
                why: [`${formatNumber(observed.p50[0] as number)} are open in the busy hour`],
              },
            ],
      choose: (need) => ({ value: Math.max(max, Math.ceil(need)), name: null }),
      why: [`at full scale-out: ${sum} against ${against}`],
      warn: () =>
        atFullScale > usable
          ? [`the documented scale-out exhausts the database: ${sum} against ${against}. Remedy: ${remedy}`]
          : [],
      operatorsRule: null,
    };
  },
});

/** Connections that may be used of max_connections. */
export const usableConnections = (max: number, share: number): number =>
  Math.floor((max - RESERVED) * share + 1e-9);
