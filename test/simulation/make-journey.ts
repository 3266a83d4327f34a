import type { Journey, Step } from "../../scenarios/lib/journey.ts";
import type { Draw } from "./draw.ts";

const NAMES = ["list", "search", "create", "health", "report", "cart"];

/**
 * A journey of one to five endpoints. Some have what an endpoint needs from another's answer, as `init` scaffolds it;
 * some begin with a value that hits nothing, or take any status for an answer.
 */
export function makeJourney(draw: Draw): Journey {
  const count = draw.whole(1, 4);
  const first = draw.whole(0, NAMES.length - 1);
  const steps = Array.from(
    { length: count },
    (_, at) => NAMES[(first + at) % NAMES.length] as string,
  ).flatMap((name, at) => stepsOf(name, at, draw));
  const startsBlank = draw.chance(0.15) && steps.some(({ path }) => path.includes("{"));
  const vars = startsBlank
    ? {
        vars: Object.fromEntries(
          steps.flatMap(({ path }) =>
            [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name as string, "none"]),
          ),
        ),
      }
    : {};
  const login = draw.chance(0.1) ? { login: LOGIN } : {};
  return { title: "A simulated journey", ...vars, ...login, steps };
}

const LOGIN: Step = {
  endpoint: "login",
  method: "POST",
  path: "/login",
  extract: (answer) => ({ token: answer.json("token") }),
};

function stepsOf(endpoint: string, at: number, draw: Draw): Step[] {
  const share = at > 0 && draw.chance(0.5) ? { share: draw.pick([0.05, 0.1, 0.2, 0.3, 0.5, 0.8]) } : {};
  const checks = draw.chance(0.5)
    ? { checks: { "is right": (answer: { json(path: string): unknown }) => answer.json("ok") === true } }
    : {};
  const pause = draw.chance(0.2) ? { pauseSeconds: draw.pick([0.1, 0.5, 1]) } : {};
  const step: Step = { endpoint, method: "GET", path: `/${endpoint}`, ...share, ...checks, ...pause };
  if (draw.chance(0.65)) return [step];
  const variable = `${endpoint}Id`;
  const expect = draw.chance(0.2) ? { expect: [200, 404] } : {};
  return [
    { ...step, extract: (answer) => ({ [variable]: answer.json("items.0.id") }) },
    {
      endpoint: `${endpoint}-item`,
      method: "GET",
      path: `/${endpoint}/{${variable}}`,
      ...expect,
      ...(draw.chance(0.3) ? { share: 0.5 } : {}),
      ...checks,
    },
  ];
}
