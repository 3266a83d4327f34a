import { parseDurationMs } from "../../scenarios/lib/load.ts";

/** Both written like `90d`. */
export interface DurationBounds {
  readonly least: string;
  readonly most: string;
}

const EVER: DurationBounds = { least: "0s", most: "36500d" };

export const isValidDuration = (text: string): boolean => isWithin(text, EVER);

export function isWithin(text: string, { least, most }: DurationBounds): boolean {
  try {
    const ms = parseDurationMs(text);
    return ms >= parseDurationMs(least) && ms <= parseDurationMs(most);
  } catch {
    return false;
  }
}
