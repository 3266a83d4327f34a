import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { rowsOf } from "../matrix.ts";
import { headroom, settledGate, temporaryFolder, withServer } from "./cli.ts";

/** Runs that look like a pass and are none, because what happened is not covered by what is judged. */

const journey = (steps: string) =>
  `export default { title: "Shop", steps: [
    { endpoint: "health", method: "GET", path: "/health", share: 0.3,
      checks: { "is healthy": (answer) => answer.json("status") === "healthy" } },
    ${steps}
  ] };`;
const ITEMS = `{ endpoint: "items", method: "GET", path: "/items", extract: (answer) => ({ item: answer.json("items.0") }) }`;
const BUY = `{ endpoint: "buy", method: "POST", path: "/orders", body: { item: 1 } }`;

const criterion = (id: string, more: string) =>
  `  - { id: ${id}, ${more}, severity: gate, why: what this test is about }`;
const P95 = criterion("p95", "metric: http_req_duration, stat: p95, max: 10s");
const errors = (limit: string, endpoint?: string) =>
  criterion(
    "errors",
    `metric: http_req_failed, ${endpoint ? `endpoint: ${endpoint}, ` : ""}stat: rate, max: ${limit}`,
  );

const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
};
/** Answers as a healthy shop, but for the paths that a case gives its own answer to. */
const shop =
  (own: Record<string, (response: ServerResponse) => void> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    const answer = own[request.url ?? ""];
    if (answer) return answer(response);
    json(response, request.url === "/items" ? { items: [7] } : { status: "healthy" });
  };

interface Case {
  readonly steps: string;
  readonly criteria: string[];
  readonly target: RequestListener;
  readonly code: string;
  readonly message: RegExp;
}

const CASES: [title: string, given: Case][] = [
  [
    "most requests fail, and only another endpoint's failures are judged",
    {
      steps: BUY,
      criteria: [errors("5%", "health"), P95],
      target: shop({ "/orders": (response) => json(response, {}, 500) }),
      code: "failures-unjudged",
      message: /^100% of the requests of buy failed, and no gate criterion could have been broken by it$/,
    },
  ],
  [
    "a step is never made, because nothing gives its variable",
    {
      steps: `${ITEMS}, { endpoint: "item", method: "GET", path: "/items/{item}" }`,
      criteria: [errors("5%"), P95],
      target: shop({ "/items": (response) => json(response, { items: [] }) }),
      code: "endpoint-not-called",
      message:
        /^item was never called where about \d+ requests were planned: earlier answers did not give \{item\}$/,
    },
  ],
  [
    "a maintenance page answers 200 while another endpoint's failures are allowed",
    {
      steps: BUY,
      criteria: [errors("95%"), P95],
      target: shop({
        "/orders": (response) => json(response, {}, 500),
        "/health": (response) => response.end("<h1>back soon</h1>"),
      }),
      code: "checks-unjudged",
      message: /^100% of the answers fail the check "health: is healthy" although they count as correct/,
    },
  ],
  [
    "the main route is gone and 404 is expected",
    {
      steps: `{ endpoint: "order", method: "GET", path: "/orders/none", expect: [200, 404] }`,
      criteria: [errors("5%"), P95],
      target: shop({ "/orders/none": (response) => json(response, {}, 404) }),
      code: "answers-without-information",
      message: /^100% of the answers of order are errors or redirects that the journey expects/,
    },
  ],
  [
    "too few requests to show the limit",
    {
      steps: BUY,
      criteria: [errors("0.1%"), P95],
      target: shop(),
      code: "no-data",
      message: /^errors has no data: \d+ samples are too few to show at most 0.1%: at least 3688 are needed$/,
    },
  ],
];

/** A root with one system, as `init` makes it, whose journey and criteria are the case's. */
async function rootOf({ steps, criteria }: Pick<Case, "steps" | "criteria">): Promise<string> {
  const root = temporaryFolder();
  await headroom(["init", "shop", "--root", root, "--quiet"]);
  mkdirSync(join(root, "scenarios", "shop"), { recursive: true });
  writeFileSync(join(root, "scenarios", "shop", "journey.ts"), journey(steps));
  writeFileSync(
    join(root, "thresholds", "shop.yaml"),
    ["schema: headroom/thresholds@1", "system: shop", "client:", ...criteria, ""].join("\n"),
  );
  return root;
}
const LOAD = ["--scenario", "smoke", "--duration", "5s", "--rate", "40"];

describe.concurrent.each(["k6", "autocannon"])("no green without coverage, %s", (engine) => {
  const cases = rowsOf(CASES, (_, at) => engine === "k6" || at === 1);

  it.skipIf(engine === "k6" && inject("k6") === null).each(cases)("%s", async (_, given) => {
    const root = await rootOf(given);
    await withServer(given.target, async (url) => {
      const { exitCode, verdict } = await settledGate([
        ...["shop", "--root", root, "--target", url, "--engine", engine],
        ...LOAD,
      ]);
      expect(verdict.status).toBe("inconclusive");
      const reason = verdict.reasons.find(({ code }) => code === given.code);
      expect(reason?.message).toMatch(given.message);
      expect(exitCode).toBe(4);
    });
  });

  it.skipIf(engine === "k6" && inject("k6") === null)("and green with it", async () => {
    const root = await rootOf({
      steps: `${ITEMS}, { endpoint: "item", method: "GET", path: "/items/{item}" }`,
      criteria: [errors("5%"), P95],
    });
    await withServer(shop(), async (url) => {
      const { exitCode, verdict, run } = await settledGate([
        ...["shop", "--root", root, "--target", url, "--engine", engine],
        ...LOAD,
      ]);
      expect(verdict.reasons).toEqual([]);
      expect(exitCode).toBe(0);
      expect(run.asked.expected?.map(({ endpoint, perIteration }) => [endpoint, perIteration])).toEqual([
        ["health", 0.3],
        ["items", 1],
        ["item", 1],
      ]);
    });
  });
});

describe("criteria that decide nothing are refused before the load", () => {
  let root = "";
  beforeAll(async () => {
    root = await rootOf({ steps: BUY, criteria: [errors("100%"), P95] });
  });

  it.each([
    ["check", ["check", "shop"]],
    ["gate", ["gate", "shop", "--target", "http://127.0.0.1:9", "--scenario", "smoke"]],
  ])("%s", async (_, args) => {
    const { exitCode, stdout, stderr } = await headroom([...args, "--root", root]);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain('thresholds/shop.yaml:4 client[0].max: "100%" cannot be broken');
  });

  it("a phase that the load never reaches", async () => {
    const file = join(root, "thresholds", "shop.yaml");
    const spike = criterion(
      "spike",
      "metric: http_req_failed, phase: spike, shapes: [smoke], stat: rate, max: 5%",
    );
    writeFileSync(file, readFileSync(file, "utf8").replace("100%", "5%") + spike);
    const { exitCode, stdout } = await headroom(["check", "shop", "--root", root]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("thresholds/shop.yaml:6 spike: the smoke load has no spike phase");
  });
});
