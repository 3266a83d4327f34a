/**
 * The vocabulary of a journey: what one user of a system does, as data and small functions. The same journey
 * drives k6's virtual users, the embedded engine and the testbed, so nothing here may import k6 or Node.
 */

/** What a step knows while it runs. */
export interface Context {
  /** Values earlier steps of this iteration extracted, and what login put there. */
  readonly vars: Readonly<Record<string, string>>;
  /** An environment variable, or the fallback when it is unset. The place for credentials. */
  env(name: string, fallback: string): string;
}

/** A target's answer, the same shape whichever engine received it. */
export interface Answer {
  readonly status: number;
  /** Time to the last byte, milliseconds. */
  readonly durationMs: number;
  /** The JSON value at a dotted path (`user.id`, `items.0`), or undefined: also when the body is not JSON. */
  json(path?: string): unknown;
  /** A response header by its lower-case name. */
  header(name: string): string | undefined;
}

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the target URL. `{name}` stands for a variable; an iteration that does not have it leaves the step out. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object | ((context: Context) => object);
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Step extends Request {
  /** Short name; the `name` tag of every sample and the `endpoint` of criteria. */
  readonly endpoint: string;
  /** Statuses that are correct answers; any other counts as failed. Default: 200. */
  readonly expect?: readonly number[];
  /** Named truths about a correct answer. The status is always checked. */
  readonly checks?: Readonly<Record<string, (answer: Answer) => boolean>>;
  /** Values for later steps; what is undefined is not set. */
  readonly extract?: (answer: Answer) => Readonly<Record<string, unknown>>;
  /** Probability that an iteration takes this step, 0 to 1. Default: 1. */
  readonly share?: number;
  /** Think time after the step, seconds. Default: none. */
  readonly pauseSeconds?: number;
  /** False sends the request without the Authorization header. Default: true. */
  readonly authorized?: boolean;
}

export interface Journey {
  readonly title: string;
  /** Values every iteration begins with. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Taken in this order in every iteration. */
  readonly steps: readonly Step[];
  /** Once, in setup; what it extracts is in every iteration's vars, `token` becomes the bearer token. */
  readonly login?: Step;
  /** Once, in teardown. */
  readonly logout?: Step;
}

/** What a run begins with: the journey's own values, and a token that the environment gives instead of a login. */
export function startVars(journey: Journey, token: string | undefined): Record<string, string> {
  return { ...journey.vars, ...(token ? { token } : {}) };
}

/** Every step of a journey, login and logout included. */
export function allSteps({ login, steps, logout }: Journey): Step[] {
  return [login, ...steps, logout].filter((step) => step !== undefined);
}

/** Requests one iteration makes on average: the factor between iterations/s and requests/s. */
export function requestsPerIteration(journey: Journey): number {
  return journey.steps.reduce((sum, step) => sum + (step.share ?? 1), 0);
}

/** Think time of one average iteration, seconds. */
export function pausePerIterationSeconds(journey: Journey): number {
  return journey.steps.reduce((sum, step) => sum + (step.pauseSeconds ?? 0) * (step.share ?? 1), 0);
}

/** The request a step makes now: path, JSON body and headers, the bearer token included. */
export function renderRequest(step: Request & { readonly authorized?: boolean }, context: Context) {
  const path = step.path.replace(PLACEHOLDER, (_, name: string) =>
    encodeURIComponent(context.vars[name] ?? ""),
  );
  const body = typeof step.body === "function" ? step.body(context) : step.body;
  const token = step.authorized === false ? undefined : context.vars.token;
  const headers: Record<string, string> = { ...step.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  return { method: step.method, path, headers, body: body === undefined ? null : JSON.stringify(body) };
}

export function isExpected(step: Step, status: number): boolean {
  return (step.expect ?? [200]).includes(status);
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

/** What the step extracts from an answer, as strings; null and undefined are left out. */
export function extractVars(step: Step, answer: Answer): Record<string, string> {
  const vars: Record<string, string> = {};
  if (!step.extract || !isExpected(step, answer.status)) return vars;
  for (const [name, value] of Object.entries(step.extract(answer))) {
    if (value !== undefined && value !== null) vars[name] = String(value);
  }
  return vars;
}

/**
 * Whether an answer is a rate limiter's: 429, or 503 that says when to come back or which limit was met
 * (nginx's limit_req and most gateways do one or the other). Such answers measure the limiter.
 */
export function isRateLimited(status: number, header: (name: string) => string | undefined): boolean {
  if (status === 429) return true;
  return status === 503 && LIMITER_HEADERS.some((name) => header(name) !== undefined);
}
const LIMITER_HEADERS = ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "ratelimit"];

/** Whether an iteration takes this step. `roll` is uniform on [0, 1). */
export function isTaken(step: Step, vars: Readonly<Record<string, string>>, roll: number): boolean {
  if (roll >= (step.share ?? 1)) return false;
  return placeholdersOf(step.path).every((name) => vars[name] !== undefined);
}

const PLACEHOLDER = /\{(\w+)\}/g;

/** Names of the variables in a path. */
export function placeholdersOf(path: string): string[] {
  return [...path.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
}
