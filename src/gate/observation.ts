import type { Interval } from "../model/interval.ts";

/** What a run shows of one criterion; null: nothing, and the note says why. */
export interface Observation {
  readonly observed: number | null;
  readonly samples: number;
  readonly interval: Interval | null;
  readonly note: string | null;
}

export const nothing = (samples: number, note: string): Observation => ({
  observed: null,
  samples,
  interval: null,
  note,
});
