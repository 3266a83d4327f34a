import { z } from "zod";
import { formatNumber, formatQuantity, GIB } from "../../model/unit.ts";
import { bytes, name } from "./params.ts";
import { defineSizer, isRefused } from "./sizer.ts";

/** WiredTiger evicts in the background from this share of the cache on (eviction_target, MongoDB manual). */
const EVICTION_TARGET = 0.8;

const Params = z.strictObject({
  used: name.describe("Signal of the bytes in the cache of one member."),
  current: bytes.describe("Cache as set (storage.wiredTiger.engineConfig.cacheSizeGB)."),
});

/** Default cache of a host: the greater of half the memory beyond 1 GiB and 256 MiB (MongoDB manual, WiredTiger). */
export const wiredTigerCacheBytes = (memoryBytes: number): number =>
  Math.max(0.5 * (memoryBytes - GIB), 256 * 1024 ** 2);

/** WiredTiger's cache: what is in it must stay below the share from which on it evicts. */
export const mongodbCache = defineSizer<z.infer<typeof Params>>({
  describes: "MongoDB: WiredTiger cache below its eviction target, and the host memory that gives it",
  params: Params,
  reads: ({ used }) => ({ signals: [used], units: [{ signal: used, unit: "bytes" }] }),
  size({ used, current }, context) {
    const path = context.demand(used);
    if (isRefused(path)) return path;
    const isFull = (path.p50[0] as number) > 0.95 * EVICTION_TARGET * current;
    return {
      unit: "GiB of cache",
      current: current / GIB,
      drivers: [
        {
          name: "cache",
          levels: path,
          need: (level) => level / EVICTION_TARGET / GIB,
          capacity: {
            value: (current * EVICTION_TARGET) / GIB,
            unit: "GiB before eviction, 80% of the cache",
            source: "documented",
          },
          why: [
            `${formatQuantity(path.p50[0] as number, "bytes")} cached, ${formatQuantity(path.p90.at(-1) as number, "bytes")} at p90 of the horizon; WiredTiger evicts from 80% on`,
          ],
        },
      ],
      choose: (need) => {
        const cache = Math.max(current / GIB, Math.ceil(need * 4 - 1e-9) / 4);
        return { value: cache, name: `${formatNumber(2 * cache + 1)} GiB host for it by default` };
      },
      warn: () =>
        isFull
          ? [
              "the cache is at its eviction target: what would be cached without it cannot be seen, so this is the least",
            ]
          : [],
      operatorsRule: null,
    };
  },
});
