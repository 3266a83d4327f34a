/** What an answer means to a step. */
import type { Answer, Step } from "./journey.ts";

export function isExpected(step: Step, status: number): boolean {
  return (step.expect ?? [200]).includes(status);
}

/**
 * Whether an answer is counted as correct although it does none of the endpoint's work: an error (404 where `expect` has 404
 * beside 200), or a redirect or "not modified" beside a success. It is quick.
 */
export function isWithoutInformation(step: Step, status: number): boolean {
  if (status < 300 || !isExpected(step, status)) return false;
  return status >= 400 || (step.expect ?? [200]).some((expected) => expected < 300);
}

/** Every check of a step with its full name; the first is the status. */
export function checksOf(step: Step): Record<string, (answer: Answer) => boolean> {
  const expected = (step.expect ?? [200]).join(" or ");
  const checks: Record<string, (answer: Answer) => boolean> = {
    [`${step.endpoint}: status is ${expected}`]: (answer) => isExpected(step, answer.status),
  };
  for (const [name, holds] of Object.entries(step.checks ?? {})) checks[`${step.endpoint}: ${name}`] = holds;
  return checks;
}

/** Share of answers of which at least one check failed, their status included: one wrong answer, however many checks. */
export const WRONG_ANSWERS = "wrong_answers";

/**
 * Whether an answer is a rate limiter's: 429, or 503 that says when to come back or which limit was met
 * (nginx's limit_req and most gateways do one or the other). Such answers measure the limiter.
 */
export function isRateLimited(status: number, header: (name: string) => string | undefined): boolean {
  if (status === 429) return true;
  return status === 503 && LIMITER_HEADERS.some((name) => header(name) !== undefined);
}
const LIMITER_HEADERS = ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "ratelimit"];
