/** How often an iteration takes each step: what a load asks of a system follows from it. */
import { type Journey, setupSteps } from "./journey.ts";
import { extractedNames, placeholdersOf } from "./variables.ts";

/**
 * How often an average iteration takes each step, in their order, 0 to 1: the step's share, times the probability that an
 * earlier step gave every variable of its path. Exact: what an iteration knows is followed through all its possible
 * histories. Answers are taken to be correct and to hold what is extracted from them.
 */
export function timesPerIteration(journey: Journey): number[] {
  const needed = new Set(journey.steps.flatMap(({ path }) => placeholdersOf(path)));
  const begin = [...Object.keys(journey.vars ?? {}), ...setupSteps(journey).flatMap(extractedNames)];
  let histories: History[] = [{ known: new Set(begin.filter((name) => needed.has(name))), probability: 1 }];
  return journey.steps.map((step) => {
    const gained = extractedNames(step).filter((name) => needed.has(name));
    const can = histories.filter(({ known }) => placeholdersOf(step.path).every((name) => known.has(name)));
    const share = step.share ?? 1;
    const taken = share * can.reduce((sum, { probability }) => sum + probability, 0);
    if (gained.length > 0) histories = branch(histories, can, share, gained);
    return taken;
  });
}

/** The same by endpoint; of an endpoint that is no step there is nothing. */
export function timesByEndpoint(journey: Journey): Map<string, number> {
  const times = timesPerIteration(journey);
  return new Map(journey.steps.map(({ endpoint }, index) => [endpoint, times[index] ?? 0]));
}

interface History {
  readonly known: ReadonlySet<string>;
  readonly probability: number;
}

/** Those that can take the step do so with its share and know more then; the same knowledge is one history. */
function branch(
  histories: readonly History[],
  can: readonly History[],
  share: number,
  gained: readonly string[],
): History[] {
  const merged = new Map<string, History>();
  const add = (known: ReadonlySet<string>, probability: number) => {
    const key = [...known].sort().join();
    if (probability > 0)
      merged.set(key, { known, probability: probability + (merged.get(key)?.probability ?? 0) });
  };
  for (const history of histories) {
    const taken = can.includes(history) ? share : 0;
    add(new Set([...history.known, ...gained]), history.probability * taken);
    add(history.known, history.probability * (1 - taken));
  }
  return [...merged.values()];
}

/** Requests one iteration makes on average: the factor between iterations/s and requests/s. */
export function requestsPerIteration(journey: Journey): number {
  return timesPerIteration(journey).reduce((sum, times) => sum + times, 0);
}

/** Think time of one average iteration, seconds. */
export function pausePerIterationSeconds(journey: Journey): number {
  const times = timesPerIteration(journey);
  return journey.steps.reduce((sum, step, index) => sum + (step.pauseSeconds ?? 0) * (times[index] ?? 0), 0);
}
