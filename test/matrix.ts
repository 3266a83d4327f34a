/** Whether this is `npm run test:long`. */
const IS_LONG = process.env.HEADROOM_TESTS === "long";

/**
 * Of a matrix whose rows meet the same code: every row in `npm run test:long`, and in `npm test`, which has ten minutes,
 * those that `isShort` names.
 */
export const rowsOf = <T>(all: readonly T[], isShort: (row: T, at: number) => boolean): T[] =>
  all.filter((row, at) => IS_LONG || isShort(row, at));
