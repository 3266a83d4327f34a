import type { Service, TargetFault, TargetFaultKind, World } from "./world.ts";

/** One way in which a request may be answered, and how likely it is. */
export interface Outcome {
  readonly probability: number;
  /** 0: no answer came. */
  readonly status: number;
  /** k6's code of an answer that never came; 0: one came. */
  readonly error: number;
  readonly medianMs: number;
  /** Of the logarithm; 0: always the median. */
  readonly sigma: number;
  readonly body: Body;
  /** The refusal of something in front of the service. */
  readonly limited: boolean;
  /** Another address is named first, and asked then. */
  readonly redirected: boolean;
}
export type Body = "good" | "page" | "no-items" | "wrong" | "none";

/** What an endpoint does at a moment: by itself, and as the generator sees it behind what stands in front. */
export interface Behaviour {
  readonly service: readonly Outcome[];
  readonly seen: readonly Outcome[];
}

/** Longest a generator waits for an answer, ms: k6's own time-out. */
const TIMEOUT_MS = 60_000;

/** Normal deviates beyond this are drawn as this: no answer is infinitely late. */
export const FURTHEST = 4;

const healthy = ({ medianMs, sigma }: Service): Outcome => ({
  probability: 1,
  status: 200,
  error: 0,
  medianMs,
  sigma,
  body: "good",
  limited: false,
  redirected: false,
});

type Change = (outcome: Outcome, fault: TargetFault, second: number) => Partial<Outcome>;

const failing = (error: number, medianMs: number): Partial<Outcome> => ({
  status: 0,
  error,
  medianMs,
  sigma: 0,
  body: "none",
});

/** A fault's effect on the share of answers that it meets. In this order: what stands in front comes last. */
const CHANGES: Record<TargetFaultKind, Change> = {
  slow: ({ medianMs }, { amount }) => ({ medianMs: medianMs * amount }),
  // Steps of a tenth of the way, so that one behaviour lasts for seconds.
  drift: ({ medianMs }, { amount, from, until }, second) => ({
    medianMs: medianMs * (1 + (amount - 1) * (Math.floor((10 * (second - from)) / (until - from)) / 10)),
  }),
  // A collector that stops the world one second in five.
  pauses: ({ medianMs }, { amount }, second) => (second % 5 === 0 ? { medianMs: medianMs + amount } : {}),
  "empty-list": ({ body }) => (body === "good" ? { body: "no-items" } : {}),
  "wrong-content": ({ body }) => (body === "good" ? { body: "wrong" } : {}),
  maintenance: () => ({ status: 200, body: "page", medianMs: 2, sigma: 0.3 }),
  gone: () => ({ status: 404, body: "none", medianMs: 1, sigma: 0.3 }),
  errors: (_, { amount }) => ({ status: amount, body: "none" }),
  redirect: () => ({ redirected: true }),
  hangs: () => failing(1050, TIMEOUT_MS),
  resets: ({ medianMs }) => failing(1220, medianMs),
  dead: () => failing(1212, 0),
  limiter: (_, { amount }) => ({ status: amount, body: "none", medianMs: 1, sigma: 0.2, limited: true }),
};
const ORDER = Object.keys(CHANGES) as TargetFaultKind[];

/** A value that was never given by the target hits nothing there. */
const BLANK = { status: 404, body: "none" } as const;

export class Target {
  readonly #world: World;
  readonly #kept = new Map<string, Behaviour>();
  /** The same by endpoint, second and whether it is blank, for it is asked for every request. */
  readonly #bySecond = new Map<string, (Behaviour | undefined)[]>();
  readonly #faults: readonly TargetFault[];

  constructor(world: World) {
    this.#world = world;
    this.#faults = world.target.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  }

  /** @param isBlank whether the request names a value that the target never gave */
  at(endpoint: string, second: number, isBlank: boolean): Behaviour {
    const kept = this.#bySecond.get(endpoint) ?? [];
    if (kept.length === 0) this.#bySecond.set(endpoint, kept);
    const index = 2 * second + Number(isBlank);
    const behaviour = kept[index] ?? this.#find(endpoint, second, isBlank);
    kept[index] = behaviour;
    return behaviour;
  }

  #find(endpoint: string, second: number, isBlank: boolean): Behaviour {
    const active = this.#faults.filter(
      (fault) =>
        (fault.endpoint === null || fault.endpoint === endpoint) &&
        second >= fault.from &&
        second < fault.until,
    );
    const changes = active.map((fault) =>
      fault.kind === "drift"
        ? Math.floor((10 * (second - fault.from)) / (fault.until - fault.from))
        : fault.kind === "pauses"
          ? second % 5
          : 0,
    );
    const key = `${endpoint} ${isBlank} ${active.map((fault) => this.#faults.indexOf(fault))} ${changes}`;
    const found = this.#kept.get(key);
    if (found !== undefined) return found;
    const behaviour = this.#behave(endpoint, active, second, isBlank);
    this.#kept.set(key, behaviour);
    return behaviour;
  }

  #behave(endpoint: string, active: readonly TargetFault[], second: number, isBlank: boolean): Behaviour {
    const own = healthy(this.#world.services[endpoint] as Service);
    let service: Outcome[] = [isBlank ? { ...own, ...BLANK } : own];
    for (const fault of active)
      if (fault.kind !== "limiter") service = split(service, fault, second, isBlank);
    let seen = service;
    for (const fault of active) if (fault.kind === "limiter") seen = split(seen, fault, second, isBlank);
    return { service, seen };
  }
}

function split(
  outcomes: readonly Outcome[],
  fault: TargetFault,
  second: number,
  isBlank: boolean,
): Outcome[] {
  return outcomes.flatMap((outcome) => {
    const change = CHANGES[fault.kind](outcome, fault, second);
    // A page that is shown for everything is shown for what does not exist, too.
    if (Object.keys(change).length === 0 || (isBlank && fault.kind === "empty-list")) return [outcome];
    const met = { ...outcome, ...change, probability: outcome.probability * fault.share };
    return fault.share >= 1
      ? [met]
      : [met, { ...outcome, probability: outcome.probability * (1 - fault.share) }];
  });
}
