import { checksOf, isExpected, isRateLimited, isWithoutInformation } from "../../../scenarios/lib/answers.ts";
import type { Answer, Context, Journey, Step } from "../../../scenarios/lib/journey.ts";
import { followsRedirects, REDIRECTS } from "../../../scenarios/lib/redirects.ts";
import { renderRequest } from "../../../scenarios/lib/request.ts";
import { beginVars, type Session } from "../../../scenarios/lib/session.ts";
import { extractVars, isTaken } from "../../../scenarios/lib/variables.ts";
import { follow } from "./follow.ts";
import type { Sample } from "./recorder.ts";
import { countOutcome, countRedirect, type Tally, tick } from "./tally.ts";
import { toAnswer } from "./to-answer.ts";
import type { Call, Reply, User } from "./user-pool.ts";

type Vars = Readonly<Record<string, string>>;

export interface Journeying {
  readonly journey: Journey;
  readonly origin: string;
  /** Path of the target URL, put before every step's path. */
  readonly basePath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tally: Tally;
  onAnswer(step: Step, reply: Reply, was: Pick<Sample, "failed" | "limited">): void;
  /** Sends to where a redirect of the target leads. */
  redirect(user: User, to: URL, call: Call): Promise<Reply>;
  /** Resolves after the think time, or at once when the run is over. */
  pause(seconds: number): Promise<void>;
}

/** One iteration of the journey by one user: the same steps, checks and extractions k6 makes. */
export async function iterate(user: User, session: Session, run: Journeying): Promise<void> {
  let vars = beginVars(session, Math.random());
  for (const step of run.journey.steps) {
    if (!isTaken(step, vars, Math.random())) continue;
    const answer = await take(user, step, vars, run);
    vars = { ...vars, ...extractVars(step, answer) };
    if (step.pauseSeconds) await run.pause(step.pauseSeconds);
  }
}

/** One step: request, record, check. */
export async function take(user: User, step: Step, vars: Vars, run: Journeying): Promise<Answer> {
  const context: Context = { vars, env: (name, fallback) => run.env[name] ?? fallback };
  const reply = await ask(user, step, context, run);
  const answer = toAnswer(reply);
  const failed = reply.error !== null || !isExpected(step, reply.status);
  const limited = isRateLimited(reply.status, answer.header);
  run.onAnswer(step, reply, { failed, limited });
  if (reply.error !== null) tick(run.tally.errors, reply.error);
  if (limited) run.tally.rateLimited++;
  if (isWithoutInformation(step, reply.status)) tick(run.tally.withoutInformation, step.endpoint);
  let isRight = true;
  for (const [name, holds] of Object.entries(checksOf(step))) {
    const passed = holds(answer);
    isRight &&= passed;
    countOutcome(run.tally.checks, name, passed);
  }
  countOutcome(run.tally.answers, step.endpoint, isRight);
  return answer;
}

/** A step's answer, its redirects followed unless it expects one; what came on the way is recorded. */
async function ask(user: User, step: Step, context: Context, run: Journeying): Promise<Reply> {
  const { method, path, headers, body } = renderRequest(step, context);
  const call: Call = { method, path: run.basePath + path, headers, body };
  const reply = await user.call(call);
  if (!REDIRECTS.includes(reply.status) || !followsRedirects(step)) return reply;
  const url = new URL(run.origin + call.path);
  const last = await follow(
    { url, call, reply },
    (hop) => run.redirect(user, hop.url, hop.call),
    (redirect) => run.onAnswer(step, redirect, { failed: true, limited: false }),
  );
  const isRedirected = last.url !== url && isExpected(step, last.reply.status);
  if (isRedirected && run.journey.steps.includes(step)) countRedirect(step, url, last.url, run.tally);
  return last.reply;
}
