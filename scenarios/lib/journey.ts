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

/** Every step of a journey, login, preparation and logout included; each once. */
export function allSteps(journey: Journey): Step[] {
  const { steps, logout } = journey;
  return [...new Set([...setupSteps(journey), ...steps, ...(logout ? [logout] : [])])];
}

/** What is taken before the load: what it extracts, every iteration knows. */
export function setupSteps({ login, prepare = [] }: Journey): Step[] {
  return [...(login ? [login] : []), ...prepare];
}

/** Requests that setup makes beside the load's own, by endpoint. */
export function setupRequests(journey: Journey): Map<string, number> {
  const counts = new Map<string, number>();
  for (const step of setupSteps(journey)) {
    const times = step === journey.login ? 1 : (journey.preparations ?? 1);
    counts.set(step.endpoint, (counts.get(step.endpoint) ?? 0) + times);
  }
  return counts;
}
