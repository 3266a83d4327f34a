import type { Journey } from "../../scenarios/lib/journey.ts";
import type { Redirect } from "../model/evidence.ts";

/**
 * The redirects of a journey's steps, from how many and where to by endpoint; the most frequent first.
 * Login and logout are sent once and weigh nothing.
 */
export function redirectsOf(
  journey: Journey | null,
  requests: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, string>,
): Redirect[] {
  if (journey === null) return [];
  return journey.steps
    .flatMap(({ endpoint, method, path }) => {
      const count = requests.get(endpoint) ?? 0;
      return count > 0 ? [{ endpoint, method, path, to: to.get(endpoint) ?? "", requests: count }] : [];
    })
    .sort((a, b) => b.requests - a.requests);
}
