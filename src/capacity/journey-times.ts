import { timesPerIteration } from "../../scenarios/lib/frequency.ts";
import type { Journey } from "../../scenarios/lib/journey.ts";

/** What an average iteration asks of an endpoint, and when. */
export interface EndpointTimes {
  readonly endpoint: string;
  /** Requests of an iteration. */
  readonly times: number;
  /** Think time that goes before, from the iteration's start, seconds. */
  readonly pausedSeconds: number;
}

/** The endpoints of a journey in the order of their first step. */
export function journeyTimes(journey: Journey): readonly EndpointTimes[] {
  const times = timesPerIteration(journey);
  const byEndpoint = new Map<string, { times: number; pausedSeconds: number }>();
  let pausedSeconds = 0;
  journey.steps.forEach(({ endpoint, pauseSeconds = 0 }, index) => {
    const often = times[index] ?? 0;
    const before = byEndpoint.get(endpoint) ?? { times: 0, pausedSeconds: 0 };
    const sum = before.times + often;
    if (sum > 0)
      byEndpoint.set(endpoint, {
        times: sum,
        pausedSeconds: (before.pausedSeconds * before.times + pausedSeconds * often) / sum,
      });
    pausedSeconds += pauseSeconds * often;
  });
  return [...byEndpoint].map(([endpoint, known]) => ({ endpoint, ...known }));
}
