import { z } from "zod";
import { formatNumber, formatQuantity, GIB } from "../../model/unit.ts";
import { boundedCache, CacheSigns, cacheSignals } from "./bounded-cache.ts";
import { bytes, name } from "./params.ts";
import { defineSizer, isRefused } from "./sizer.ts";

/** WiredTiger evicts in the background from this share of the cache on (eviction_target, MongoDB manual). */
const EVICTION_TARGET = 0.8;

/** Nearer than this to the target it is at it: it hovers there. */
const FULL = 0.95;

const Params = z.strictObject({
  ...CacheSigns,
  used: name.describe("Signal of the bytes in the cache of one member."),
  current: bytes.describe("Cache as set (storage.wiredTiger.engineConfig.cacheSizeGB)."),
});

/** Default cache of a host: the greater of half the memory beyond 1 GiB and 256 MiB (MongoDB manual, WiredTiger). */
export const wiredTigerCacheBytes = (memoryBytes: number): number =>
  Math.max(0.5 * (memoryBytes - GIB), 256 * 1024 ** 2);

/** WiredTiger's cache, which fills by design up to the share from which it evicts. */
export const mongodbCache = defineSizer<z.infer<typeof Params>>({
  describes: "MongoDB: WiredTiger's cache by hit ratio and evictions, and the host memory that gives it",
  params: Params,
  reads: (params) => ({
    signals: [params.used, ...cacheSignals(params)],
    units: [{ signal: params.used, unit: "bytes" }],
  }),
  size(params, context) {
    const { used, current } = params;
    const path = context.demand(used);
    if (isRefused(path)) return path;
    const level = path.now ?? (path.p50[0] as number);
    const { driver, warning } = boundedCache(params, context, {
      levels: path,
      current: current / GIB,
      unit: "GiB",
      isFull: level > FULL * EVICTION_TARGET * current,
    });
    return {
      unit: "GiB of cache",
      current: current / GIB,
      drivers: [driver],
      choose: (need) => {
        const cache = Math.max(current / GIB, Math.ceil(need * 4 - 1e-9) / 4);
        return { value: cache, name: `${formatNumber(2 * cache + 1)} GiB host for it by default` };
      },
      why: [`${formatQuantity(level, "bytes")} cached; WiredTiger evicts from 80% on`],
      warn: () => (warning === null ? [] : [warning]),
      operatorsRule: null,
    };
  },
});
