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
  /** Sent as JSON, or as the fields of a form. */
  readonly body?: object | ((context: Context) => object);
  /** True sends the body as a form does: `application/x-www-form-urlencoded`. Default: JSON. */
  readonly form?: boolean;
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

/** What a journey costs where answers cost money: calls of a paid model, tasks that run for hours. */
export interface Spending {
  /** US dollars that one request costs about, by endpoint. */
  readonly usdPerRequest: Readonly<Record<string, number>>;
  /** A load that costs more than this is refused unless it is allowed to (`--allow-spend`). */
  readonly unaskedUsd: number;
  /** Where the figures come from, and what is assumed. */
  readonly why: string;
}

/** A limit that the operators set on one client, of every request or of an endpoint's. */
export interface ClientLimit {
  readonly endpoint?: string;
  readonly perMinute: number;
  /** Requests beyond it that pass at once. */
  readonly burst?: number;
  readonly why: string;
}

export interface Journey {
  readonly title: string;
  /** Values every iteration begins with. Only what the target knows: a made-up id measures "not found". */
  readonly vars?: Readonly<Record<string, string>>;
  /**
   * In setup, in this order, after login: they create what the steps read, so that no iteration reads what is not
   * there. They may be steps of the journey as well; their share does not count here.
   */
  readonly prepare?: readonly Step[];
  /** How often `prepare` is taken. Every iteration begins with the values of one time, at random. Default: 1. */
  readonly preparations?: number;
  readonly spends?: Spending;
  /** A load above one of them measures the limiter, unless the generator's address is exempt. */
  readonly limits?: readonly ClientLimit[];
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

/** What setup leaves to every iteration. */
export interface Session {
  readonly vars: Readonly<Record<string, string>>;
  /** What each preparation extracted. */
  readonly prepared: readonly Readonly<Record<string, string>>[];
}

/** What an iteration begins with. `roll` is uniform on [0, 1). */
export function beginVars({ vars, prepared }: Session, roll: number): Readonly<Record<string, string>> {
  const one = prepared[Math.floor(roll * prepared.length)];
  return one === undefined ? vars : { ...vars, ...one };
}

/** Why a preparation did not give what it is for, or null. */
export function preparationFlaw(step: Step, answer: Answer): string | null {
  if (!isExpected(step, answer.status)) return `${step.endpoint} answered ${answer.status || "nothing"}`;
  const missing = Object.entries(step.extract?.(answer) ?? {}).filter(([, value]) => !isGiven(value));
  return missing.length === 0
    ? null
    : `${step.endpoint} answered without ${missing.map(([name]) => name).join(", ")}`;
}

/** Every step of a journey, login, preparation and logout included; each once. */
export function allSteps({ login, prepare = [], steps, logout }: Journey): Step[] {
  return [...new Set([login, ...prepare, ...steps, logout])].filter((step) => step !== undefined);
}

/** Requests that setup makes beside the load's own, by endpoint. */
export function setupRequests({ login, prepare = [], preparations = 1 }: Journey): Map<string, number> {
  const counts = new Map<string, number>();
  const add = ({ endpoint }: Step, times: number) =>
    counts.set(endpoint, (counts.get(endpoint) ?? 0) + times);
  if (login) add(login, 1);
  for (const step of prepare) add(step, preparations);
  return counts;
}

/**
 * How often an average iteration takes each step, in their order, 0 to 1: the step's share, times the probability that an
 * earlier step gave every variable of its path. Exact: what an iteration knows is followed through all its possible
 * histories. Answers are taken to be correct and to hold what is extracted from them.
 */
export function timesPerIteration(journey: Journey): number[] {
  const needed = new Set(journey.steps.flatMap(({ path }) => placeholdersOf(path)));
  const inSetup = [journey.login, ...(journey.prepare ?? [])].flatMap((step) => step ?? []);
  const begin = [...Object.keys(journey.vars ?? {}), ...inSetup.flatMap(extractedNames)];
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

/** Names a step extracts, found by showing it an answer in which everything is there; none where it refuses that. */
export function extractedNames(step: Step): string[] {
  const answer: Answer = { status: 200, durationMs: 0, json: () => ANYTHING, header: () => "anything" };
  try {
    return Object.keys(step.extract?.(answer) ?? {});
  } catch {
    return [];
  }
}

/** Whatever is asked of it: an object with every field, a list of one, a function, a text. */
const ANYTHING: unknown = new Proxy(() => ANYTHING, {
  get: (_, key) => {
    if (key === Symbol.iterator) return [ANYTHING].values.bind([ANYTHING]);
    if (key === Symbol.toPrimitive || key === "toString") return () => "anything";
    return key === "length" ? 1 : ANYTHING;
  },
  apply: () => ANYTHING,
});

/** The request a step makes now: path, body and headers, the bearer token included. */
export function renderRequest(step: Request & { readonly authorized?: boolean }, context: Context) {
  const path = step.path.replace(PLACEHOLDER, (_, name: string) =>
    encodeURIComponent(context.vars[name] ?? ""),
  );
  const body = typeof step.body === "function" ? step.body(context) : step.body;
  const token = step.authorized === false ? undefined : context.vars.token;
  const headers: Record<string, string> = { ...step.headers };
  if (body !== undefined)
    headers["Content-Type"] = step.form ? "application/x-www-form-urlencoded" : "application/json";
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  return { method: step.method, path, headers, body: body === undefined ? null : encode(body, step.form) };
}

/** k6 has no URLSearchParams; the fields of a form are the same with `encodeURIComponent`. */
function encode(body: object, form = false): string {
  if (!form) return JSON.stringify(body);
  return Object.entries(body)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
}

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

/** A text that is not empty, a number, a truth: what a path can hold. An empty id would ask for the list instead. */
function isGiven(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return typeof value === "boolean" || typeof value === "bigint" || Number.isFinite(value);
}

/** What the step extracts from an answer, as strings; what no path can hold is left out. */
export function extractVars(step: Step, answer: Answer): Record<string, string> {
  const vars: Record<string, string> = {};
  if (!step.extract || !isExpected(step, answer.status)) return vars;
  for (const [name, value] of Object.entries(step.extract(answer))) {
    if (isGiven(value)) vars[name] = String(value);
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
export function placeholdersOf(path: string): readonly string[] {
  const known = placeholders.get(path);
  if (known !== undefined) return known;
  const found = [...path.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
  placeholders.set(path, found);
  return found;
}

/** By path: they are asked for at every step of every iteration. */
const placeholders = new Map<string, readonly string[]>();
