import { InputError } from "../model/problem.ts";
import type { DatedEvent } from "../planner/demand/additions.ts";
import { DAY_MS, dayName } from "../planner/demand/busy-hour.ts";

/** What has happened is in the history already: added once more it would count twice. */
export function refusePastEvents(events: readonly DatedEvent[], end: string): void {
  const today = Math.floor(Date.parse(end) / DAY_MS);
  const past = events.filter(({ day }) => day <= today);
  if (past.length === 0) return;
  throw new InputError(
    past.map(({ name, day }) => ({
      file: "command line",
      path: "--event",
      message: `${name} on ${dayName(day)} is not after the history's end, ${dayName(today)}: its effect is in the history`,
      remedy: "Leave it out, or give the day on which it is still to come",
    })),
  );
}
