import type { SizingLine } from "../model/sizing-line.ts";
import type { Driver } from "./sizers/sizer.ts";

/** A demand a thousand times the forecast's is none that a picture shows. */
const MOST_DOUBLINGS = 10;
const HALVINGS = 50;

/** The level of each demand up to which what is there suffices: where its driver's need first exceeds it. */
export function ceilingsOf(drivers: readonly Driver[], most: number | null): SizingLine["ceilings"] {
  if (most === null) return [];
  const all = drivers.flatMap((driver): SizingLine["ceilings"] => {
    const { signal } = driver.levels;
    if (signal === undefined) return [];
    const suffices = (level: number) => driver.need(level) <= most + 1e-9;
    let [low, high] = [0, Math.max(1e-9, driver.levels.p90.at(-1) as number)];
    if (!suffices(low)) return [{ signal, level: 0 }];
    for (let doubled = 0; suffices(high); doubled++) {
      if (doubled > MOST_DOUBLINGS) return [];
      high *= 2;
    }
    for (let halved = 0; halved < HALVINGS; halved++) {
      const middle = (low + high) / 2;
      if (suffices(middle)) low = middle;
      else high = middle;
    }
    return [{ signal, level: Number(low.toPrecision(6)) }];
  });
  // Of several reasons the tightest counts: memory may end where CPU would still do.
  const tightest = new Map<string, number>();
  for (const { signal, level } of all)
    tightest.set(signal, Math.min(level, tightest.get(signal) ?? Number.POSITIVE_INFINITY));
  return [...tightest].map(([signal, level]) => ({ signal, level }));
}
