import { parseDurationMs } from "../../scenarios/lib/load.ts";

export function isValidDuration(text: string): boolean {
  try {
    return parseDurationMs(text) >= 0;
  } catch {
    return false;
  }
}
