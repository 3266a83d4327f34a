import { WRONG_ANSWERS } from "../../../scenarios/lib/answers.ts";
import type { Step } from "../../../scenarios/lib/journey.ts";
import { redirectedTo } from "../../../scenarios/lib/redirects.ts";
import type { Redirect } from "../../model/evidence.ts";
import type { MetricRow } from "../../model/metric-row.ts";

interface Outcomes {
  passes: number;
  fails: number;
}

/** What the run counts beside the answers themselves. */
export interface Tally {
  readonly checks: Map<string, Outcomes>;
  /** Answers whose checks all held, and others, by endpoint. */
  readonly answers: Map<string, Outcomes>;
  readonly errors: Map<string, number>;
  /** Expected errors, by endpoint. */
  readonly withoutInformation: Map<string, number>;
  /** Requests answered as expected behind a redirect, by endpoint. */
  readonly redirects: Map<string, Redirect>;
  rateLimited: number;
  exceptions: number;
}

export const newTally = (): Tally => ({
  checks: new Map(),
  answers: new Map(),
  errors: new Map(),
  withoutInformation: new Map(),
  redirects: new Map(),
  rateLimited: 0,
  exceptions: 0,
});

/** One more of a name. */
export function tick(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

export function countRedirect(step: Step, asked: URL, reached: URL, { redirects }: Tally): void {
  const before = redirects.get(step.endpoint);
  if (before !== undefined) before.requests++;
  else {
    const to = redirectedTo(step, asked.href, reached.href) ?? step.path;
    const { endpoint, method, path } = step;
    redirects.set(endpoint, { endpoint, method, path, to, requests: 1 });
  }
}

/** One more that passed or failed. */
export function countOutcome(outcomes: Map<string, Outcomes>, name: string, passed: boolean): void {
  const counts = outcomes.get(name) ?? { passes: 0, fails: 0 };
  outcomes.set(name, counts);
  counts[passed ? "passes" : "fails"]++;
}

/** The share of checks that held and of answers that were wrong, all together and each by its name. */
export function rowsOfChecks({ checks, answers }: Tally): MetricRow[] {
  return [
    ...rateRows("checks", "check", "passes", checks),
    ...rateRows(WRONG_ANSWERS, "name", "fails", answers),
  ];
}

function rateRows(
  metric: string,
  tag: string,
  counted: keyof Outcomes,
  outcomes: ReadonlyMap<string, Outcomes>,
): MetricRow[] {
  const row = (tags: Record<string, string>, of: readonly Outcomes[]): MetricRow => {
    const samples = of.reduce((sum, { passes, fails }) => sum + passes + fails, 0);
    const hits = of.reduce((sum, one) => sum + one[counted], 0);
    return { metric, tags, type: "rate", samples, ...(samples > 0 ? { ratio: hits / samples } : {}) };
  };
  return [
    row({}, [...outcomes.values()]),
    ...[...outcomes].map(([name, one]) => row({ [tag]: name }, [one])),
  ];
}
