/**
 * Binds a journey to a load as a k6 script: `export const { options, setup, iteration, teardown } = bind(…)`.
 * Runs under plain `k6 run` (TARGET says where) as well as under Headroom, which adds criteria and recording.
 */
import { check, sleep } from "k6";
import exec from "k6/execution";
import http, { type RefinedResponse, type ResponseType } from "k6/http";
import { Counter, Gauge, Rate } from "k6/metrics";
import { checksOf, isExpected, isRateLimited, isWithoutInformation, WRONG_ANSWERS } from "./answers.ts";
import { pausePerIterationSeconds, requestsPerIteration } from "./frequency.ts";
import type { Answer, Context, Journey, Step } from "./journey.ts";
import { type Load, type LoadPlan, planLoad, type Scaling, stageAt } from "./load.ts";
import { followsRedirects, redirectedTo, redirectLine } from "./redirects.ts";
import { renderRequest } from "./request.ts";
import { runnerOf } from "./runner.ts";
import { beginVars, preparationFlaw, type Session, startVars } from "./session.ts";
import { extractVars, isTaken } from "./variables.ts";

type Vars = Readonly<Record<string, string>>;

const TARGET = (__ENV.TARGET ?? "http://127.0.0.1:8000").replace(/\/+$/, "");
const limited = new Counter("headroom_limited");
const wrongAnswers = new Rate(WRONG_ANSWERS);
/** k6's record begins before its users are there, and its duration before setup; the load begins after both. */
const setupMs = new Gauge("headroom_setup_ms");
const loadBegan = new Gauge("headroom_load_began");
const withoutInformation = new Counter("headroom_without_information");
const redirected = new Counter("headroom_redirected");
/** Set when this is one of several generators. */
const runner = __ENV.HEADROOM_RUN ? runnerOf(JSON.parse(__ENV.HEADROOM_RUN)) : null;

export function bind(journey: Journey, ownLoad: Load) {
  // A search for capacity drives the same journey with loads of its own.
  const load: Load = __ENV.HEADROOM_LOAD ? JSON.parse(__ENV.HEADROOM_LOAD) : ownLoad;
  const scaling: Scaling = JSON.parse(__ENV.HEADROOM_SCALING ?? "{}");
  const plan = planLoad(
    load,
    { requestsPerIteration: requestsPerIteration(journey), pauseSeconds: pausePerIterationSeconds(journey) },
    scaling,
  );
  const steps = journey.steps.map(prepare);
  return {
    options: optionsFor(plan),
    setup: (): Session => {
      const beganMs = Date.now();
      const vars = startVars(journey, __ENV.HEADROOM_TOKEN);
      const session = prepareSession(journey, journey.login ? logIn(journey.login, vars) : vars);
      setupMs.add(Date.now() - beganMs);
      loadBegan.add(Date.now());
      runner?.began();
      return session;
    },
    iteration(session: Session) {
      tagPhase(plan);
      let vars = beginVars(session, Math.random());
      for (const { step, send } of steps) {
        if (!isTaken(step, vars, Math.random())) continue;
        const answer = send(vars);
        if (step.extract) vars = { ...vars, ...extractVars(step, answer) };
        if (step.pauseSeconds) sleep(step.pauseSeconds);
      }
    },
    teardown(session: Session) {
      if (journey.logout) prepare(journey.logout).send(session.vars);
      runner?.ended();
    },
  };
}

function logIn(login: Step, vars: Vars): Vars {
  const answer = prepare(login).send(vars);
  if (!isExpected(login, answer.status)) throw new Error(`login answered ${answer.status}`);
  return { ...vars, ...extractVars(login, answer) };
}

/**
 * Creates what the iterations read. What could not be created is left out, and with it what would read it: a target that
 * is broken is to fail by its answers, and an endpoint that is not called is missed by the gate.
 */
function prepareSession({ prepare: list = [], preparations = 1 }: Journey, vars: Vars): Session {
  const steps = list.map(prepare);
  const prepareOnce = (): Vars | null => {
    const created: Record<string, string> = {};
    for (const { step, send } of steps) {
      const answer = send({ ...vars, ...created });
      const flaw = preparationFlaw(step, answer);
      if (flaw !== null) {
        console.warn(`setup: ${flaw}`);
        return null;
      }
      Object.assign(created, extractVars(step, answer));
    }
    return created;
  };
  const all = steps.length === 0 ? [] : Array.from({ length: preparations }, prepareOnce);
  return { vars, prepared: all.filter((one) => one !== null) };
}

/** The rate is given per minute, because k6 takes whole numbers and 3 requests/s over 2 steps are 1.5 iterations/s. */
function optionsFor(plan: LoadPlan) {
  const perMinute = (target: number) => Math.round((target / plan.requestsPerIteration) * 60);
  const duration = (ms: number) => `${Math.round(ms)}ms`;
  const closed = {
    executor: "ramping-vus",
    startVUs: plan.stages[0]?.from ?? 0,
    stages: plan.stages.map((stage) => ({ duration: duration(stage.durationMs), target: stage.target })),
    gracefulRampDown: "30s",
  };
  const open = {
    executor: "ramping-arrival-rate",
    startRate: perMinute(plan.stages[0]?.from ?? 0),
    timeUnit: "1m",
    stages: plan.stages.map((stage) => ({
      duration: duration(stage.durationMs),
      target: perMinute(stage.target),
    })),
    preAllocatedVUs: plan.preAllocatedUsers,
    maxVUs: plan.maxUsers,
  };
  return {
    scenarios: { journey: { ...(plan.model === "open" ? open : closed), exec: "iteration" } },
    // `url`, `ip` and the like cost a time series each and say nothing that `name` does not.
    systemTags: ["status", "name", "method", "check", "error_code", "scenario", "expected_response", "group"],
    setupTimeout: "60s",
  };
}

/** Tags every sample of the iteration with the phase it began in, so that k6 keeps exact percentiles for each. */
function tagPhase(plan: LoadPlan): void {
  const stage = stageAt(plan, Date.now() - exec.scenario.startTime);
  exec.vu.metrics.tags.phase = stage.phase;
  if (stage.step !== null) exec.vu.metrics.tags.step = String(stage.step);
  else delete exec.vu.metrics.tags.step;
}

/** Everything about a step that does not change between iterations is settled here, once. */
function prepare(step: Step) {
  const tags = { name: step.endpoint };
  const responseCallback = http.expectedStatuses(...(step.expect ?? [200]));
  const needsBody = step.checks !== undefined || step.extract !== undefined;
  const responseType: ResponseType = needsBody ? "text" : "none";
  const checks = Object.fromEntries(
    Object.entries(checksOf(step)).map(([name, holds]) => [
      name,
      (r: RefinedResponse<ResponseType>) => {
        const passed = holds(answerOf(r));
        runner?.checked(name, passed, tags);
        return passed;
      },
    ]),
  );
  const following = followsRedirects(step) ? {} : { redirects: 0 };
  const noteRedirect = redirectNoter(step);
  const send = (vars: Vars): Answer => {
    const context: Context = { vars, env: (name, fallback) => __ENV[name] ?? fallback };
    const { method, path, headers, body } = renderRequest(step, context);
    const url = TARGET + path;
    const response = http.request(method, url, body, {
      headers,
      tags,
      responseCallback,
      responseType,
      ...following,
    });
    if (response.url !== url) noteRedirect(url, response);
    if (response.status === 429 || response.status === 503) {
      if (isRateLimited(response.status, (name) => headerOf(response, name))) limited.add(1, tags);
    }
    if (isWithoutInformation(step, response.status)) withoutInformation.add(1, tags);
    const isRight = check(response, checks, tags);
    wrongAnswers.add(!isRight, tags);
    runner?.judged(isRight, tags);
    runner?.answered(
      step.endpoint,
      exec.vu.metrics.tags.phase as string | undefined,
      response.timings.duration,
    );
    return answerOf(response);
  };
  return { step, send };
}

/** Counts the requests that needed a redirect to be answered as expected, and says once where it led. */
function redirectNoter(step: Step) {
  let to: string | null = null;
  return (asked: string, { url, status }: RefinedResponse<ResponseType>): void => {
    if (!isExpected(step, status)) return;
    if (to === null) {
      to = redirectedTo(step, asked, url);
      if (to === null) return;
      console.warn(redirectLine(step.endpoint, to));
    }
    redirected.add(1, { name: step.endpoint, to });
  };
}

function answerOf(response: RefinedResponse<ResponseType>): Answer {
  return {
    status: response.status,
    durationMs: response.timings.duration,
    header: (name) => headerOf(response, name),
    json: (path) => {
      try {
        return response.json(path);
      } catch {
        return undefined; // an answer that is not JSON has no value at any path
      }
    },
  };
}

function headerOf(response: RefinedResponse<ResponseType>, name: string): string | undefined {
  const key = Object.keys(response.headers).find((header) => header.toLowerCase() === name);
  return key === undefined ? undefined : response.headers[key];
}
