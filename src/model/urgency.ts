import type { EvidenceRank, SizingLine } from "./sizing-line.ts";

const RANKS: readonly (EvidenceRank | null)[] = ["observed", "forecast", "latent", "rule", null];

/** Plans of before evidence was kept gave dates alone. */
export const evidenceOf = ({ evidence, runsOut }: SizingLine): EvidenceRank | null =>
  evidence ?? (runsOut === null ? null : "forecast");

/** Measured or forecast: what may be called short, and has dates. */
export const isShort = (line: SizingLine): boolean => {
  const evidence = evidenceOf(line);
  return evidence === "observed" || evidence === "forecast";
};

/** The strongest evidence first, within it what runs out first, then the greatest share of what is there. */
export function compareUrgency(a: SizingLine, b: SizingLine): number {
  const never = "9999-12-31";
  const dates = ({ runsOut }: SizingLine) =>
    [runsOut?.early ?? never, runsOut?.likely ?? never, runsOut?.late ?? never].join();
  // A need that is today's size whatever comes, as of a cache that fills by design, is no measure of how tight it is.
  const fill = ({ need, current, growsTo }: SizingLine) =>
    need.p50 === need.p90 && need.p90 === current
      ? 0
      : need.p90 / (growsTo ?? current ?? Number.POSITIVE_INFINITY);
  return (
    RANKS.indexOf(evidenceOf(a)) - RANKS.indexOf(evidenceOf(b)) ||
    (dates(a) < dates(b) ? -1 : dates(a) > dates(b) ? 1 : fill(b) - fill(a))
  );
}
