import type { Journey } from "../../scenarios/lib/journey.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { makeThresholds } from "./make-criteria.ts";
import { makeJourney } from "./make-journey.ts";
import { makeLoad } from "./make-load.ts";
import {
  GENERATOR_FAULTS,
  type GeneratorFault,
  type GeneratorFaultKind,
  type Service,
  TARGET_FAULTS,
  type TargetFault,
  type World,
} from "./world.ts";

/** The world of a seed. */
export function makeWorld(seed: number): World {
  const draw = drawFrom(seed);
  const engine = engineOf(draw.uniform());
  const journey = makeJourney(draw);
  const { scenario, load, plan } = makeLoad(
    journey,
    draw.chance(0.93) ? draw.logBetween(60, 500) : draw.logBetween(500, 4000),
    draw,
  );
  const fastestMs = fastest(plan);
  const services = Object.fromEntries(
    [...journey.steps.map(({ endpoint }) => endpoint), "login"].map((endpoint): [string, Service] => [
      endpoint,
      { medianMs: fastestMs + draw.logBetween(2, 200), sigma: draw.between(0.1, 0.8) },
    ]),
  );
  const seconds = Math.ceil(plan.totalMs / 1000);
  return {
    seed,
    engine,
    journey,
    services,
    scenario,
    load,
    plan,
    thresholds: makeThresholds({ journey, plan, services, engine }, draw),
    target: draw.chance(0.5) ? several(draw, () => targetFault(journey, seconds, draw)) : [],
    generator: draw.chance(0.2) ? [generatorFault(engine, draw)] : [],
  };
}

/** A closed load goes as fast as its answers come: these are slow enough for a run of some thousand requests. */
const fastest = ({ model, maxUsers, totalMs }: World["plan"]) =>
  model === "open" ? 0 : (maxUsers * totalMs) / 600;

/** Mostly k6: the histograms of the embedded engine take ten times as long to read. */
const engineOf = (roll: number) => (roll < 0.04 ? "autocannon" : roll < 0.14 ? "several" : "k6");

const several = <T>(draw: Draw, make: () => T): T[] =>
  Array.from({ length: draw.pick([1, 1, 1, 2, 3]) }, make);

function targetFault(journey: Journey, seconds: number, draw: Draw): TargetFault {
  const kind = draw.pick(TARGET_FAULTS);
  const isWhole = draw.chance(0.6);
  const from = isWhole ? 0 : draw.whole(0, Math.floor(seconds * 0.7));
  return {
    kind,
    endpoint: draw.chance(0.6) ? draw.pick(journey.steps).endpoint : null,
    share: shareOf(kind, draw),
    from,
    // A fault of the whole run outlasts it.
    until: isWhole ? seconds + 120 : from + draw.whole(2, Math.max(3, Math.floor(seconds * 0.3))),
    amount: AMOUNTS[kind](draw),
  };
}

function shareOf(kind: TargetFault["kind"], draw: Draw): number {
  if (kind === "dead" || kind === "drift" || kind === "pauses") return 1;
  if (kind === "hangs") return draw.pick([0.002, 0.02]);
  return draw.pick([1, 1, 0.5, 0.2, 0.05, 0.02, 0.004]);
}

const nothing = () => 0;
const AMOUNTS: Record<TargetFault["kind"], (draw: Draw) => number> = {
  errors: (draw) => draw.pick([500, 502, 503, 504]),
  slow: (draw) => draw.pick([1.5, 3, 10, 30]),
  drift: (draw) => draw.pick([2, 5]),
  pauses: (draw) => draw.pick([50, 400]),
  limiter: (draw) => draw.pick([429, 429, 503]),
  dead: nothing,
  resets: nothing,
  gone: nothing,
  maintenance: nothing,
  "empty-list": nothing,
  "wrong-content": nothing,
  redirect: nothing,
  hangs: nothing,
};

const OF_SEVERAL = [
  "generator-missing",
  "generator-unended",
  "generator-repeated",
  "generators-apart",
  "samples-lost",
  "interrupted",
];
const OF_EMBEDDED = ["cpu", "stall", "files", "ports", "late", "exceptions", "interrupted"];

function generatorFault(engine: World["engine"], draw: Draw): GeneratorFault {
  const kind = draw.pick(GENERATOR_FAULTS.filter((one) => isOf(engine, one)));
  return { kind, at: draw.between(0.1, 0.8), amount: EXTENTS[kind]?.(draw) ?? 0 };
}

function isOf(engine: World["engine"], kind: GeneratorFaultKind): boolean {
  if (engine === "several") return OF_SEVERAL.includes(kind);
  if (engine === "autocannon") return OF_EMBEDDED.includes(kind);
  return kind === "interrupted" || !OF_SEVERAL.includes(kind);
}

const EXTENTS: Partial<Record<GeneratorFaultKind, (draw: Draw) => number>> = {
  cpu: (draw) => draw.pick([0.05, 0.3, 1]),
  stall: (draw) => draw.pick([0.5, 1, 3, 6]),
  files: (draw) => draw.pick([0.0002, 0.02, 0.5]),
  ports: (draw) => draw.pick([0.0002, 0.02, 0.5]),
  late: (draw) => draw.pick([0.005, 0.1]),
  exceptions: (draw) => draw.pick([0.01, 1]),
  "generators-apart": (draw) => draw.pick([0.5, 10]),
};
