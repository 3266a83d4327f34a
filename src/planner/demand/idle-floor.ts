import type { Refused } from "../sizers/sizer.ts";

/** What an instance takes with nothing to do, and what each unit of demand adds. */
export interface IdleFloor {
  readonly idle: number;
  readonly each: number;
}

const LEAST_POINTS = 48;
/** Beyond this share of the mean use, what the line leaves over is no small error. */
const MOST_ERROR = 0.15;

/**
 * Least squares of the usage of all instances on how many run and what they serve, through the origin:
 * usage = idle × instances + each × demand. With a constant number of instances the first is the line's intercept.
 */
export function fitIdleFloor(
  usage: readonly (number | null)[],
  instances: readonly (number | null)[],
  demand: readonly (number | null)[],
): IdleFloor | Refused {
  const rows = usage.flatMap((used, index) => {
    const [count, level] = [instances[index] ?? null, demand[index] ?? null];
    return used === null || count === null || level === null || count <= 0 ? [] : [{ used, count, level }];
  });
  if (rows.length < LEAST_POINTS)
    return { refused: `only ${rows.length} points have usage, instances and demand` };
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [nn, nx, xx] = [
    sum(({ count }) => count * count),
    sum(({ count, level }) => count * level),
    sum(({ level }) => level * level),
  ];
  const [ny, xy] = [sum(({ count, used }) => count * used), sum(({ level, used }) => level * used)];
  const determinant = nn * xx - nx * nx;
  if (!(determinant > 1e-9 * nn * xx)) return { refused: "the demand does not vary enough to tell idle use" };
  const idle = (ny * xx - xy * nx) / determinant;
  const each = (nn * xy - nx * ny) / determinant;
  if (!(each > 0) || idle < 0) return { refused: "use does not rise with the demand from an idle level" };
  const error = Math.sqrt(
    sum(({ used, count, level }) => (used - idle * count - each * level) ** 2) / rows.length,
  );
  if (error > (MOST_ERROR * sum(({ used }) => used)) / rows.length)
    return { refused: "use does not follow instances and demand closely enough" };
  return { idle, each };
}
