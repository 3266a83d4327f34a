import type { Happened } from "./happened.ts";
import { stepsOf } from "./happened.ts";
import { type Behaviour, Target } from "./target.ts";

/** Requests that were sent under one behaviour of the target. */
export interface Cell {
  readonly endpoint: string;
  readonly phase: string | null;
  readonly behaviour: Behaviour;
  readonly expected: readonly number[];
  /** Whether the step checks more than the status. */
  readonly checksContent: boolean;
  /** Redirects on the way to an answer: they are seen, and are none of the service's answers. */
  readonly isHop: boolean;
  requests: number;
}

/** What was sent when, with what the target truly did then: no answer is looked at, only its likelihoods. */
export function ledgerOf({ world, requests }: Happened): Cell[] {
  const target = new Target(world);
  const steps = stepsOf(world.journey);
  const cells = new Map<Behaviour, Map<number, Cell>>();
  for (const { at, stage, atMs, isBlank, isHop } of requests) {
    const { endpoint, expect = [200], checks } = steps[at] as (typeof steps)[number];
    const behaviour = isHop ? HOPS : target.at(endpoint, Math.floor(atMs / 1000), isBlank);
    const byPlace = cells.get(behaviour) ?? new Map<number, Cell>();
    cells.set(behaviour, byPlace);
    const place = at * 100 + stage;
    const cell = byPlace.get(place);
    if (cell !== undefined) cell.requests++;
    else
      byPlace.set(place, {
        endpoint,
        phase: world.plan.stages[stage]?.phase ?? null,
        behaviour,
        expected: expect,
        checksContent: checks !== undefined,
        isHop,
        requests: 1,
      });
  }
  return [...cells.values()].flatMap((byPlace) => [...byPlace.values()]);
}

const HOP = {
  status: 307,
  error: 0,
  medianMs: 1,
  sigma: 0,
  body: "none",
  limited: false,
  redirected: true,
} as const;
const HOPS: Behaviour = { service: [], seen: [{ ...HOP, probability: 1 }] };

export const requestsOf = (cells: readonly Cell[]): number =>
  cells.reduce((sum, { requests }) => sum + requests, 0);

/** Mean over requests of a likelihood; 0 without any. */
export function meanOver(cells: readonly Cell[], of: (cell: Cell) => number): number {
  const requests = requestsOf(cells);
  return requests === 0 ? 0 : cells.reduce((sum, cell) => sum + cell.requests * of(cell), 0) / requests;
}
