import {
  type Answer,
  beginVars,
  type Context,
  checksOf,
  extractVars,
  isExpected,
  isRateLimited,
  isTaken,
  isWithoutInformation,
  type Journey,
  preparationFlaw,
  renderRequest,
  type Session,
  type Step,
  WRONG_ANSWERS,
} from "../../../scenarios/lib/journey.ts";
import { followsRedirects, REDIRECTS, redirectedTo } from "../../../scenarios/lib/redirects.ts";
import type { MetricRow, Redirect } from "../../model/run.ts";
import { follow } from "./follow.ts";
import type { Sample } from "./recorder.ts";
import type { Call, Reply, User } from "./user-pool.ts";

type Vars = Readonly<Record<string, string>>;

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

/** What the journey's `prepare` creates; what could not be created is left out, as in k6, and told to `say`. */
export async function prepareSession(
  { prepare = [], preparations = 1 }: Journey,
  vars: Vars,
  ask: (step: Step, vars: Vars) => Promise<Answer>,
  say: (text: string) => void,
): Promise<Session> {
  const prepared: Vars[] = [];
  for (let time = 0; time < preparations && prepare.length > 0; time++) {
    const created: Record<string, string> = {};
    const flaw = await prepareOnce(prepare, vars, created, ask);
    if (flaw === null) prepared.push(created);
    else say(`setup: ${flaw}`);
  }
  return { vars, prepared };
}

async function prepareOnce(
  steps: readonly Step[],
  vars: Vars,
  created: Record<string, string>,
  ask: (step: Step, vars: Vars) => Promise<Answer>,
): Promise<string | null> {
  for (const step of steps) {
    const answer = await ask(step, { ...vars, ...created });
    const flaw = preparationFlaw(step, answer);
    if (flaw !== null) return flaw;
    Object.assign(created, extractVars(step, answer));
  }
  return null;
}

/** One step: request, record, check. */
export async function take(user: User, step: Step, vars: Vars, run: Journeying): Promise<Answer> {
  const context: Context = { vars, env: (name, fallback) => run.env[name] ?? fallback };
  const reply = await ask(user, step, context, run);
  const answer = toAnswer(reply);
  const failed = reply.error !== null || !isExpected(step, reply.status);
  const limited = isRateLimited(reply.status, answer.header);
  run.onAnswer(step, reply, { failed, limited });
  if (reply.error !== null) run.tally.errors.set(reply.error, (run.tally.errors.get(reply.error) ?? 0) + 1);
  if (limited) run.tally.rateLimited++;
  if (isWithoutInformation(step, reply.status)) {
    const counts = run.tally.withoutInformation;
    counts.set(step.endpoint, (counts.get(step.endpoint) ?? 0) + 1);
  }
  let isRight = true;
  for (const [name, holds] of Object.entries(checksOf(step))) {
    const passed = holds(answer);
    isRight &&= passed;
    count(run.tally.checks, name, passed);
  }
  count(run.tally.answers, step.endpoint, isRight);
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

function countRedirect(step: Step, asked: URL, reached: URL, { redirects }: Tally): void {
  const before = redirects.get(step.endpoint);
  if (before !== undefined) before.requests++;
  else {
    const to = redirectedTo(step, asked.href, reached.href) ?? step.path;
    const { endpoint, method, path } = step;
    redirects.set(endpoint, { endpoint, method, path, to, requests: 1 });
  }
}

function count(outcomes: Map<string, Outcomes>, name: string, passed: boolean): void {
  const counts = outcomes.get(name) ?? { passes: 0, fails: 0 };
  outcomes.set(name, counts);
  counts[passed ? "passes" : "fails"]++;
}

function toAnswer(reply: Reply): Answer {
  let parsed: unknown;
  let isParsed = false;
  const headers = new Map(
    Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return {
    status: reply.status,
    durationMs: reply.durationMs,
    header: (name) => headers.get(name),
    json: (path) => {
      if (!isParsed) parsed = parseJson(reply.body);
      isParsed = true;
      return path === undefined ? parsed : path.split(".").reduce(valueAt, parsed);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an answer that is not JSON has no value at any path
  }
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
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
