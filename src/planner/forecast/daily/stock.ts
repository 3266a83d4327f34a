import { quantileOfSorted } from "../../../stats/quantiles.ts";
import type { DailySeries } from "../daily-series.ts";
import { type Course, type CourseOptions, courseOf } from "./course.ts";

/**
 * The days ahead of what adds up, such as stored bytes: what is added a day is a flow, forecast as one and summed along
 * each of its paths. What was deleted belongs to the flow: a purge that comes every month comes again.
 */
export function courseOfStock(series: DailySeries, days: number, options: CourseOptions = {}): Course {
  const { skip = 0 } = options;
  const last = series.values.at(-1) as number;
  const floor = Math.min(0, ...series.values);
  const { outlook, paths } = courseOf(additions(series), days + skip, { ...options, skip: 0 });
  const values = new Float64Array(paths.count * days);
  for (let path = 0; path < paths.count; path++) {
    let stored = last;
    for (let step = 0; step < paths.days; step++) {
      stored = Math.max(floor, stored + (paths.values[path * paths.days + step] as number));
      if (step >= skip) values[path * days + step - skip] = stored;
    }
  }
  const sorted = Array.from({ length: days }, (_, step) =>
    Float64Array.from({ length: paths.count }, (_, path) => values[path * days + step] as number).sort(),
  );
  const at = (quantile: number, step: number) => quantileOfSorted(sorted[step] as Float64Array, quantile);
  return {
    outlook,
    spread: { at },
    paths: { count: paths.count, days, values },
    levels: Float64Array.from({ length: days }, (_, step) => at(0.5, step)),
  };
}

/** What each day added to the day before; what days without a value added is shared among them. */
function additions({ days, values }: DailySeries): DailySeries {
  const added = values.slice(1).flatMap((value, index) => {
    const passed = (days[index + 1] as number) - (days[index] as number);
    return new Array<number>(passed).fill((value - (values[index] as number)) / passed);
  });
  return { days: added.map((_, index) => (days[0] as number) + 1 + index), values: added };
}
