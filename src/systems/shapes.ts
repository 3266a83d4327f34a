/** The six load shapes every system has, gentlest first. */
export const SHAPES = ["smoke", "average", "stress", "spike", "soak", "breakpoint"] as const;
export type Shape = (typeof SHAPES)[number];

/** What each shape is for, in a line of help. */
export const SHAPE_PURPOSES: Record<Shape, string> = {
  smoke: "under a minute at low rate: does it work at all",
  average: "the load of an ordinary busy hour",
  stress: "half as much again as the busy hour",
  spike: "a sudden multiple, and the recovery from it",
  soak: "hours at the average: leaks and drift",
  breakpoint: "a ladder of rates until the SLA breaks",
};
