import type { SignalHistory } from "../../model/history.ts";
import type { DataQuality } from "../../model/plan.ts";

/** Share of the points that are there, from an index on. */
export function coverageOf(values: SignalHistory["values"], from = 0): number {
  let known = 0;
  for (let index = from; index < values.length; index++) if (values[index] !== null) known++;
  return values.length <= from ? 0 : known / (values.length - from);
}

/** The ledger's entry of one signal. */
export function qualityOf(
  history: SignalHistory,
  findings: readonly string[],
  days: number | null = null,
): DataQuality {
  let [gaps, length] = [0, 0];
  for (const value of [...history.values, 0]) {
    if (value === null) length++;
    else {
      if (length >= 2) gaps++;
      length = 0;
    }
  }
  return {
    signal: history.id,
    coverage: coverageOf(history.values),
    days,
    gaps,
    resets: history.resets,
    truncated: history.truncated,
    warnings: [...history.warnings, ...(history.failure === null ? [] : [history.failure]), ...findings],
  };
}
