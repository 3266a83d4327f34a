import { describe, expect, it } from "vitest";
import {
  type Answer,
  allSteps,
  type Journey,
  type Step,
  setupRequests,
} from "../../scenarios/lib/journey.ts";
import { renderRequest } from "../../scenarios/lib/request.ts";
import { beginVars, preparationFlaw } from "../../scenarios/lib/session.ts";

const answer = (status: number, body: Record<string, unknown> = {}): Answer => ({
  status,
  durationMs: 1,
  json: (path) => (path === undefined ? body : body[path]),
  header: () => undefined,
});

const start: Step = {
  endpoint: "start",
  method: "POST",
  path: "/tasks",
  expect: [201],
  extract: (given) => ({ task: given.json("id") }),
  share: 0.1,
};
const journey: Journey = {
  title: "tasks",
  login: { endpoint: "login", method: "POST", path: "/login" },
  prepare: [start],
  preparations: 3,
  steps: [start, { endpoint: "task", method: "GET", path: "/tasks/{task}" }],
};

describe("what a journey prepares", () => {
  it("is one of its preparations in every iteration, each as often as the others", () => {
    const session = { vars: { token: "t" }, prepared: [{ task: "a" }, { task: "b" }, { task: "c" }] };
    const rolls = Array.from({ length: 300 }, (_, index) => index / 300);
    const seen = rolls.map((roll) => beginVars(session, roll));
    for (const task of ["a", "b", "c"])
      expect(seen.filter((vars) => vars.task === task && vars.token === "t")).toHaveLength(100);
  });

  it("leaves the session as it is where there is nothing to prepare", () => {
    expect(beginVars({ vars: { token: "t" }, prepared: [] }, 0.99)).toEqual({ token: "t" });
  });

  it("is flawed by an answer that is not expected, and by one without what it is for", () => {
    expect(preparationFlaw(start, answer(201, { id: "a" }))).toBeNull();
    expect(preparationFlaw(start, answer(500, { id: "a" }))).toBe("start answered 500");
    expect(preparationFlaw(start, answer(0))).toBe("start answered nothing");
    expect(preparationFlaw(start, answer(201))).toBe("start answered without task");
  });

  it("names each step once, and the requests that setup makes", () => {
    expect(allSteps(journey).map(({ endpoint }) => endpoint)).toEqual(["login", "start", "task"]);
    expect([...setupRequests(journey)]).toEqual([
      ["login", 1],
      ["start", 3],
    ]);
  });
});

describe("the body of a request", () => {
  const body = { email: "a+b@example.com", password: "p&w=ü" };
  const context = { vars: {}, env: (_: string, fallback: string) => fallback };
  const request = (step: Partial<Step>) =>
    renderRequest({ method: "POST", path: "/login", body, ...step }, context);

  it("is JSON", () => {
    expect(JSON.parse(request({}).body ?? "")).toEqual(body);
    expect(request({}).headers["Content-Type"]).toBe("application/json");
  });

  it("is a form that reads back as what was put in", () => {
    const { headers, body: text } = request({ form: true });
    expect(headers["Content-Type"]).toBe("application/x-www-form-urlencoded");
    expect(Object.fromEntries(new URLSearchParams(text ?? ""))).toEqual(body);
  });
});
