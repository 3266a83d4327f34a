import type { Simulated } from "./simulate.ts";

/** A run for a person who asks why: the world, what the oracle says, and the verdict. */
export function describeRun({ world, happened, verdict, opinion, violations }: Simulated): string {
  const { journey, load, target, generator, engine, scenario } = world;
  const json = (value: unknown) => JSON.stringify(value);
  const section = (title: string, lines: readonly string[]) => [title, ...lines.map((line) => `  ${line}`)];
  return [
    `seed ${world.seed}: ${engine}, ${scenario} ${json(load)}`,
    ...section(
      `journey ${json(journey.vars ?? {})}`,
      journey.steps.map(({ endpoint, path, share = 1, expect = [200], checks, extract }) =>
        [
          endpoint,
          path,
          `share ${share}`,
          `expects ${expect}`,
          checks ? "checked" : "",
          extract ? "extracts" : "",
        ].join(" "),
      ),
    ),
    ...section("wrong with the target", target.map(json)),
    ...section("wrong with the generator", generator.map(json)),
    `${happened.requests.length} requests, ${happened.iterationsAtMs.length} iterations, ${happened.droppedAtMs.length} dropped`,
    ...section("the oracle: criteria", opinion.truths.map(json)),
    ...section("the oracle: flaws", opinion.flaws.map(json)),
    ...section(
      `verdict ${verdict.status}`,
      verdict.criteria.map(
        ({ id, where, stat, operator, limit, severity, observed, samples, status, note }) =>
          `${id}: ${where} ${stat} ${observed} ${operator} ${limit}, ${severity}, ${samples} samples: ${status} ${note ?? ""}`.trim(),
      ),
    ),
    ...section(
      "reasons",
      verdict.reasons.map(({ code, message }) => `${code}: ${message}`),
    ),
    ...section("violations", violations.map(json)),
  ].join("\n");
}
