/** A generator that uses this share of its cores times its own waiting, not the target. */
export const SATURATED_CPU = 0.9;
/** For so much of the time it may. */
const SATURATED_TIME = 0.1;
/** Fewer seconds than this say nothing. */
const LEAST_SAMPLES = 3;

/** Standing still for so long, a generator has timed its own pause. */
const LONGEST_STALL_MS = 2000;

/** Seconds in which a generator was at the limit of its cores, from its share of them in every second. */
export const saturatedSeconds = (cpu: readonly number[]): number =>
  cpu.filter((share) => share >= SATURATED_CPU).length;

/** Whether a generator was at its limit for more than `most` of the time. */
export const isSaturated = (cpu: readonly number[], most: number = SATURATED_TIME): boolean =>
  cpu.length >= LEAST_SAMPLES && saturatedSeconds(cpu) / cpu.length > most;

/** How long a generator stood still, ms, where that is long enough to be in the latencies; else null. */
export const stallOf = ({ stalledMs = 0 }: { readonly stalledMs?: number | undefined }): number | null =>
  stalledMs >= LONGEST_STALL_MS ? stalledMs : null;
