import { z } from "zod";
import { formatNumber, formatQuantity } from "../../model/unit.ts";
import { name, share } from "./params.ts";
import type { Driver, SizingContext } from "./sizer.ts";

/** What shows whether a bounded cache is large enough. */
export const CacheSigns = {
  evictions: name
    .optional()
    .describe("Signal of entries that are thrown out per second, or pages read back in: none when all fits."),
  hitRatio: z
    .strictObject({
      signal: name.describe("Signal of the share, 0 to 1."),
      atLeast: share.describe("Below this share in the last week's busy hours, the cache is too small."),
    })
    .optional()
    .describe("Signal of the share of reads that the cache answers, and the least that it should."),
};

interface Signs {
  readonly evictions?: string | undefined;
  readonly hitRatio?: { readonly signal: string; readonly atLeast: number } | undefined;
}

/** One more half is a step that is seen in the hit ratio; how much is really missing no fill tells. */
const STEP = 1.5;

/**
 * A cache that throws out what is least used fills by design: its fill is no demand, and no date follows from it. Hit ratio
 * and evictions say whether it is too small; by how much cannot be known before it is larger.
 */
export function boundedCache(
  { evictions, hitRatio }: Signs,
  context: SizingContext,
  given: {
    readonly levels: Driver["levels"];
    readonly current: number;
    readonly unit: string;
    readonly isFull: boolean;
  },
): { readonly driver: Driver; readonly warning: string | null } {
  const evicted = evictions === undefined ? null : context.recent(evictions);
  const hits = hitRatio === undefined ? null : context.recent(hitRatio.signal);
  const isMissing = hits !== null && hitRatio !== undefined && hits < hitRatio.atLeast;
  const isEvicting = hits === null && evicted !== null && evicted > 0;
  const isShort = isMissing || isEvicting;
  const isKnown = evicted !== null || hits !== null;
  const signs = [
    ...(hits === null || hitRatio === undefined
      ? []
      : [
          `${formatQuantity(hits, "ratio")} of the reads hit, ${formatQuantity(hitRatio.atLeast, "ratio")} should`,
        ]),
    ...(evicted === null ? [] : [`${formatNumber(evicted)} evictions/s in the busy hour`]),
  ];
  const fill = given.isFull
    ? "it is full, as a cache is by design"
    : "it is not full: nothing that was read has been thrown out for want of room";
  return {
    driver: {
      name: "cache",
      levels: given.levels,
      need: () => (isShort ? given.current * STEP : given.current),
      evidence: isKnown || !given.isFull ? "measured" : "rule",
      capacity: { value: given.current, unit: `${given.unit}, filled by design`, source: "documented" },
      why: [
        `${fill}; its fill is no demand and has no date`,
        ...signs,
        ...(isShort ? ["half more is the next step; how much is missing shows only then"] : []),
      ],
    },
    warning:
      isKnown || !given.isFull
        ? null
        : "whether the cache is large enough cannot be known: give `hitRatio` or `evictions` a signal",
  };
}

export const cacheSignals = ({ evictions, hitRatio }: Signs): string[] =>
  [evictions, hitRatio?.signal].filter((one) => one !== undefined);
