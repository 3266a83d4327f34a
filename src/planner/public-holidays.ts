import { createRequire } from "node:module";
import { DAY_MS } from "./demand/busy-hour.ts";
import type { Holidays } from "./forecast/daily/holidays.ts";

/** Whose public holidays a system's users keep. */
export interface Calendar {
  /** ISO 3166, two letters. */
  readonly country: string;
  /** As the country counts its states, such as BY; absent: what is kept in the whole country. */
  readonly state?: string | undefined;
}

/** Loaded where a profile asks for it: it takes a fifth of a second. */
const library = (): typeof import("date-holidays").default =>
  createRequire(import.meta.url)("date-holidays") as typeof import("date-holidays").default;

/** What is unknown of a calendar, with what would be right; null: it is known. */
export function unknownIn({
  country,
  state,
}: Calendar): { field: keyof Calendar; message: string; remedy: string } | null {
  const known = new (library())();
  if (!Object.hasOwn(known.getCountries(), country))
    return {
      field: "country",
      message: `no public holidays are known of "${country}"`,
      remedy: "Write the country's two letters (ISO 3166), such as DE or US",
    };
  if (state === undefined) return null;
  const states = Object.keys(known.getStates(country) ?? {});
  if (states.includes(state)) return null;
  return {
    field: "state",
    message: `${country} has no state "${state}"`,
    remedy: states.length === 0 ? "Leave it out" : `Use one of: ${states.join(", ")}`,
  };
}

/**
 * The public holidays of every year that a stretch of days touches, by the country's own dates, substitute days included.
 *
 * @param from days since 1970-01-01
 */
export function publicHolidays({ country, state }: Calendar, from: number, to: number): Holidays {
  const Library = library();
  const calendar = state === undefined ? new Library(country) : new Library(country, state);
  const yearOf = (day: number) => new Date(day * DAY_MS).getUTCFullYear();
  const holidays = new Map<number, string>();
  for (let year = yearOf(from); year <= yearOf(to); year++)
    for (const { date, start, end, type, rule } of calendar.getHolidays(year, "en")) {
      if (type !== "public") continue;
      const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / DAY_MS;
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      for (let day = first; day < first + days; day++) holidays.set(day, rule);
    }
  return holidays;
}
