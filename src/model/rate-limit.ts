/** Most answers of a run, or of a step of one, that may come from a rate limiter: beyond, the limiter was measured. */
const MOST_RATE_LIMITED = 0.01;

/** What a step or a load whose answers come from a limiter was limited by. */
export const RATE_LIMITER = "rate-limiter";

/** The share of answers that a limiter gave, where it is too much to say anything of the target; else null. */
export function limitedShare(limited: number, answers: number): number | null {
  const share = answers > 0 ? limited / answers : 0;
  return share > MOST_RATE_LIMITED ? share : null;
}
