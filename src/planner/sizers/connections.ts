import { z } from "zod";
import type { Latent, PoolSize } from "../../model/sizing-line.ts";
import { formatNumber, formatQuantity, GIB } from "../../model/unit.ts";
import { type Catalogue, findClass } from "../catalogue.ts";
import { duringUpdate, mostWithin, surge } from "./instance-growth.ts";
import { name, share, whole } from "./params.ts";
import { type Driver, defineSizer, isRefused, type SizingContext } from "./sizer.ts";

/** PostgreSQL keeps these for superusers (superuser_reserved_connections). */
const RESERVED = 3;
/** A session's own memory, sorts aside: several MB (PostgreSQL wiki, Tuning; measured 5 to 10 MB with warm caches). */
export const SESSION_BYTES = 10 * 1024 ** 2;

const Params = z
  .strictObject({
    instances: name.describe("Resource whose instances hold the pools; sized earlier in the file."),
    pool: whole.describe("Most connections of one process: pool and overflow."),
    processes: whole.default(1).describe("Processes of one instance that each hold a pool."),
    maxConnections: whole
      .min(RESERVED + 2)
      .optional()
      .describe("max_connections as set on the server."),
    class: z.string().optional().describe("Instead: the default of this class of the catalogue."),
    usable: share
      .default(0.8)
      .describe(
        "Share of the connections, less the reserved three, that may be open at a day's highest point. Default: 80%.",
      ),
    surge: surge.optional(),
    scaleOut: whole.describe("Instances the operators' documents let it grow to."),
    observed: name.optional().describe("Signal of the connections that are open."),
  })
  .refine((one) => (one.maxConnections === undefined) !== (one.class === undefined), {
    message: "give exactly one of maxConnections and class",
  });
type Params = z.infer<typeof Params>;

/**
 * Database connections. Open ones are measured and grow with the demand. That all pools fill at once, during a rolling
 * update at full scale-out, is a worst case: it is told with its cures, the cheapest first, and dates nothing.
 */
export const connections = defineSizer<Params>({
  describes:
    "database connections: those that are open, and the worst case of instances × pool against max_connections",
  params: Params,
  reads: ({ instances, observed }) => ({
    signals: observed === undefined ? [] : [observed],
    resources: [instances],
  }),
  bounds: (params, catalogue) => {
    const max = maxOf(params, catalogue);
    if (max === null) return [];
    const fits = Math.floor((max - RESERVED) / perInstance(params));
    return [
      {
        resource: params.instances,
        most: mostWithin(fits, params.surge),
        why: `${max - RESERVED} connections take ${fits} instances with pools of ${perInstance(params)}, a rolling update included`,
      },
    ];
  },
  size(params, context) {
    const fleet = context.resource(params.instances);
    if (isRefused(fleet)) return fleet;
    const max = maxOf(params, context.catalogue);
    if (max === null) return { refused: `the catalogue has no class "${params.class}"` };
    const observed = params.observed === undefined ? null : context.highest(params.observed);
    const open = observed === null || isRefused(observed) ? null : observed;
    const drivers = open === null ? worstCase(params, fleet.levels, max) : openOnes(params, open, max);
    const running = Math.max(1, Math.ceil(fleet.levels.p90.at(-1) as number));
    const pool = poolSize(params, max, running, open === null ? null : (open.p90.at(-1) as number));
    return {
      unit: "connections",
      current: max,
      ...(params.class === undefined ? {} : { currentName: params.class }),
      drivers: [drivers],
      choose: (need) => ({ value: chosenMax(params, max, pool, need), name: null }),
      why: [poolWords(params, max)],
      latent: () => worst(params, max, pool, running),
      warn: (need) => memoryWarnings(params, chosenMax(params, max, pool, need), context),
      pool,
      operatorsRule: null,
    };
  },
});

function maxOf({ maxConnections, class: named }: Params, catalogue: Catalogue): number | null {
  return (
    maxConnections ?? (named === undefined ? null : (findClass(catalogue, named)?.maxConnections ?? null))
  );
}

const perInstance = ({ pool, processes }: Params) => pool * processes;

const usableWords = (max: number, usable: number) =>
  `connections of ${max}, ${RESERVED} reserved, ${formatQuantity(usable, "ratio")} of the rest`;

function openOnes({ usable }: Params, levels: Driver["levels"], max: number): Driver {
  return {
    name: "open connections",
    levels,
    need: (level) => level / usable + RESERVED,
    capacity: {
      value: usableConnections(max, usable),
      unit: usableWords(max, usable),
      source: "documented",
    },
    why: [
      `${formatNumber(levels.now ?? (levels.p50[0] as number))} are open in the busy hour, ${formatNumber(levels.p90.at(-1) as number)} at p90 of the horizon`,
    ],
    margins: (level) => [
      { name: `${formatQuantity(usable, "ratio")} of the connections open`, factor: 1 / usable },
      { name: `${RESERVED} reserved`, factor: (level / usable + RESERVED) / (level / usable) },
    ],
  };
}

/** Nobody measures the open ones: what there could be is shown, and buys nothing by itself. */
function worstCase(params: Params, levels: Driver["levels"], max: number): Driver {
  const all = (count: number) =>
    duringUpdate(Math.ceil(count), params.surge) * perInstance(params) + RESERVED;
  return {
    name: "connection pools",
    levels,
    evidence: "rule",
    need: all,
    capacity: {
      value: max - RESERVED,
      unit: `connections of ${max}, ${RESERVED} reserved`,
      source: "documented",
    },
    why: [
      `no signal shows the connections that are open; all pools full, they are ${formatNumber(all(levels.p90.at(-1) as number) - RESERVED)} at the horizon`,
    ],
  };
}

/**
 * What is set stays while it suffices. A class's default is no choice of anybody's: it is set to what the pools can open,
 * because work_mem is what memory is left over connections.
 */
function chosenMax(params: Params, max: number, pool: PoolSize, need: number): number {
  if (params.class === undefined) return Math.max(max, Math.ceil(need));
  const pools = duringUpdate(pool.upTo, params.surge) * pool.recommended + RESERVED;
  return Math.ceil(Math.max(need, pools) / 10) * 10;
}

/** What one more instance with a full pool would exceed, and the cures. */
function worst(params: Params, max: number, pool: PoolSize, running: number): Latent[] {
  const each = perInstance(params);
  const fits = mostWithin(Math.floor((max - RESERVED) / each), params.surge);
  if (fits >= params.scaleOut) return [];
  const atFull = duringUpdate(params.scaleOut, params.surge);
  const update = atFull > params.scaleOut ? ` (${atFull} while a rolling update runs)` : "";
  const raised = atFull * each + RESERVED;
  return [
    {
      what: `from instance ${fits + 1} on, full pools of ${each} and a rolling update pass ${max - RESERVED} connections; ${params.scaleOut} instances${update} could open ${atFull * each}`,
      need: raised,
      cures: [
        ...(pool.recommended >= 1 && pool.upTo >= running
          ? [
              `pools of ${pool.recommended} instead of ${each} per instance, which fit up to ${pool.upTo} instances`,
            ]
          : []),
        "a pooler between (PgBouncer in transaction mode, RDS Proxy)",
        `max_connections ${raised}, about ${formatQuantity(raised * SESSION_BYTES, "bytes")} when all are open`,
      ],
    },
  ];
}

/**
 * The pool that fits as many instances as the documents allow and still holds what is open: open connections spread over
 * the instances of the recommendation, with the margin of `usable`.
 */
function poolSize(params: Params, max: number, running: number, open: number | null): PoolSize {
  const each = perInstance(params);
  const room = max - RESERVED;
  const least = open === null ? 1 : Math.ceil(open / params.usable / running);
  const fitting = (count: number) => Math.floor(room / duringUpdate(count, params.surge));
  let upTo = Math.max(running, params.scaleOut);
  while (upTo > running && fitting(upTo) < Math.min(least, each)) upTo--;
  const recommended = Math.min(each, fitting(upTo));
  return {
    instances: params.instances,
    current: each,
    recommended,
    upTo: recommended < least ? running - 1 : upTo,
  };
}

function poolWords(params: Params, max: number): string {
  const each = perInstance(params);
  const full = duringUpdate(params.scaleOut, params.surge);
  const processes = params.processes > 1 ? ` (${params.processes} processes × ${params.pool})` : "";
  return `at full scale-out ${params.scaleOut} instances × ${each}${processes} = ${params.scaleOut * each} connections${full > params.scaleOut ? `, ${full * each} while a rolling update runs` : ""}, against ${max - RESERVED} of ${max}`;
}

/** Sessions take memory of the class beside the shared buffers and the system: half of it may be theirs. */
function memoryWarnings(params: Params, max: number, { catalogue }: SizingContext): string[] {
  const bought = params.class === undefined ? null : findClass(catalogue, params.class);
  if (bought === null) return [];
  const bytes = max * SESSION_BYTES;
  const room = (bought.memoryGiB * GIB) / 2;
  return bytes <= room
    ? []
    : [
        `${max} sessions take about ${formatQuantity(bytes, "bytes")} when all are open, more than half of the ${bought.memoryGiB} GiB of ${bought.name}: smaller pools, a pooler or a larger class`,
      ];
}

/** Connections that may be used of max_connections. */
export const usableConnections = (max: number, part: number): number =>
  Math.floor((max - RESERVED) * part + 1e-9);
