import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { History, SignalHistory } from "../../src/model/history.ts";
import { isForecast, isSized, type Plan } from "../../src/model/plan.ts";
import { rowsOf } from "../matrix.ts";
import { gate, headroom, ralph, temporaryFolder, withServer } from "./cli.ts";

/** Faults that a real Prometheus does not have on request, met by the commands that ask one. */

const SYSTEM = "ralph";
const history = JSON.parse(readFileSync(`profiles/samples/${SYSTEM}.json`, "utf8")) as History;
const startMs = Date.parse(history.start);
const endS = Date.parse(history.end) / 1000;
const DAY_S = 86_400;

type Point = [seconds: number, value: string];
type Answer = (response: ServerResponse, points: Point[], signal: SignalHistory | undefined) => void;

const matrix = (points: Point[]) =>
  JSON.stringify({
    status: "success",
    data: { resultType: "matrix", result: points.length === 0 ? [] : [{ metric: {}, values: points }] },
  });
const well: Answer = (response, points) => response.end(matrix(points));
const failing =
  (status: number, error: string): Answer =>
  (response) =>
    response.writeHead(status).end(JSON.stringify({ status: "error", errorType: "any", error }));

/** Answers the sample that ships with the system, in the words of the fault. */
function prometheus(answer: Answer) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const signal = history.signals.find(({ query }) => query === form.get("query"));
    const [from, to] = [Number(form.get("start") ?? form.get("time")), Number(form.get("end"))];
    const seen = (signal?.values ?? []).flatMap((value, index): Point[] => {
      const seconds = startMs / 1000 + index * history.stepSeconds;
      return value === null || seconds < from || seconds > to ? [] : [[seconds, String(value)]];
    });
    answer(response, signal ? seen : [[from, "0"]], signal);
  };
}

async function planFrom(answer: Answer) {
  return await withServer(prometheus(answer), async (url) => {
    const days = `${Math.round((endS - startMs / 1000) / DAY_S)}d`;
    const window = ["--as-of", history.end, "--length", days, "--step", "1h", "--scrape", "2m"];
    const args = [SYSTEM, "--prometheus", url, ...window, "--out", temporaryFolder(), "--json"];
    return await headroom(["plan", ...args, "--fail-on", "exhaustion"]);
  });
}
const planned = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as Plan;
/** What a plan says, without where its history came from. */
const withoutSource = ({ source, ...plan }: Plan) => plan;

const SMOKE = ["--scenario", "smoke", "--duration", "6s", "--rate", "40", "--engine", "autocannon"];
const gateOver = (answer: Answer) =>
  withServer(ralph, (target) =>
    withServer(prometheus(answer), (url) =>
      gate([SYSTEM, "--target", target, "--prometheus", url, ...SMOKE]),
    ),
  );

const WHOLE: [title: string, answer: Answer, message: RegExp][] = [
  ["refuses its key", failing(401, "no"), /answers 401\. Give a token in HEADROOM_PROMETHEUS_TOKEN/],
  ["cannot compute it (422)", failing(422, "too many samples"), /says: too many samples/],
  ["is overloaded (503)", failing(503, "try later"), /answers 503|says: try later/],
  ["stands behind a proxy that gave up (504)", failing(504, "timeout"), /answers 504/],
  ["refuses the query (400)", failing(400, "parse error at char 7"), /says: parse error at char 7/],
  [
    "breaks off in the middle",
    (response, points) => response.end(matrix(points).slice(0, -9)),
    /not the Prometheus API's/,
  ],
  [
    "is a login page",
    (response) => response.setHeader("Content-Type", "text/html").end("<html>please log in</html>"),
    /not the Prometheus API's \(status 200\)\. Check the URL/,
  ],
  [
    "answers another type",
    (response) => response.end('{"status":"success","data":{"resultType":"string","result":[1,"x"]}}'),
    /not the Prometheus API's/,
  ],
  [
    "drops every connection",
    (response) => response.socket?.destroy(),
    /cannot be reached \((ECONNRESET|socket hang up)\)/,
  ],
];

describe.concurrent("a Prometheus that", () => {
  it.each(WHOLE)("%s: no plan, exit 3, in one line", async (_, answer, message) => {
    const { exitCode, stdout, stderr } = await planFrom(answer);
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  // One of each kind: an answer that is final, one that is asked again, none.
  const met = rowsOf(WHOLE, ([title]) => /422|503|drops/.test(title));

  it.each(met)("%s: the gate's server criteria have no data, and say why", async (_, answer, message) => {
    const { exitCode, verdict } = await gateOver(answer);
    expect([exitCode, verdict.status]).toEqual([4, "inconclusive"]);
    const server = verdict.criteria.filter(({ kind }) => kind === "server");
    expect(new Set(server.map(({ status }) => status))).toEqual(new Set(["no-data"]));
    expect(verdict.reasons.map((reason) => `${reason.message}. ${reason.remedy}`).join()).toMatch(
      new RegExp(message.source.split("\\. ")[0] as string),
    );
  });
});

it("server criteria that were seen for a moment of the run do not hold of the run", async () => {
  const { exitCode, verdict } = await gateOver(well); // answers with the first moment of what was asked
  const server = verdict.criteria.filter(({ kind }) => kind === "server");
  expect([exitCode, new Set(server.map(({ status }) => status))]).toEqual([4, new Set(["no-data"])]);
  expect(server[0]?.note).toMatch(
    /^the store did not see everything: only 1 of \d moments of the run have a value$/,
  );
});

describe.concurrent("a history that", () => {
  it("is unsorted and says some points twice gives the plan of the ordered one", async () => {
    const good = await planFrom(well);
    const shuffled = await planFrom((response, points) =>
      response.end(matrix([...points.slice(500), ...points.slice(0, 700)].reverse())),
    );
    expect(withoutSource(planned(shuffled))).toEqual(withoutSource(planned(good)));
    expect(planned(good).demands.every(isForecast)).toBe(true);
  });

  it("took longer than usual is only late", async () => {
    const { exitCode } = await planFrom((response, points) =>
      setTimeout(() => response.end(matrix(points)), 3000),
    );
    expect(exitCode).toBe(1); // the disk runs out, as without the delay
  });

  const isTasks = (signal?: SignalHistory) => signal?.id === "tasks";
  const RAGGED: [title: string, keep: (point: Point, index: number) => Point | null, refused: RegExp][] = [
    [
      "ended three weeks ago",
      (point) => (point[0] < endS - 20 * DAY_S ? point : null),
      /ends 20 days before the history does: nothing is known of now/,
    ],
    [
      "begins three weeks ago",
      (point) => (point[0] > endS - 20 * DAY_S ? point : null),
      /^too short: 20 whole days, 35 are needed/,
    ],
    [
      "is NaN and infinite more often than not",
      ([seconds], index) => [seconds, ["1", "NaN", "+Inf", "-Inf"][index % 4] as string],
      /25% of the history is there, 50% is needed/,
    ],
    ["is NaN throughout", ([seconds]) => [seconds, "NaN"], /0% of the history is there/],
    ["is not there at all", () => null, /the query gives no samples/],
  ];
  it.each(RAGGED)(
    "%s: its demand is not forecast, nothing that rests on it is sized, and the others are",
    async (_, keep, refused) => {
      const said = await planFrom((response, points, signal) =>
        response.end(matrix(isTasks(signal) ? points.map(keep).filter((point) => point !== null) : points)),
      );
      const { demands, sizing } = planned(said);
      expect(demands.filter((one) => !isForecast(one))).toEqual([
        expect.objectContaining({ signal: "tasks", refused: expect.stringMatching(refused) }),
      ]);
      const unsized = sizing.filter((line) => !isSized(line)).map(({ resource }) => resource);
      expect(unsized.sort()).toEqual(["api-instances", "database", "database-connections"]);
      expect(sizing.filter(isSized).map(({ resource }) => resource)).toContain("redis");
    },
  );

  it("is unknown throughout is a plan of nothing: 4, and in words", async () => {
    const said = await planFrom((response) => response.end(matrix([])));
    expect(said.exitCode).toBe(4);
    const { demands, sizing, tightest } = planned(said);
    expect([demands.filter(isForecast), sizing.filter(isSized), tightest]).toEqual([[], [], null]);
  });

  it("comes as fifty thousand series is not summed by guess", async () => {
    const series = Array.from({ length: 50_000 }, (_, pod) => ({
      metric: { pod: `api-${pod}` },
      values: [[endS, "1"]],
    }));
    const answer = JSON.stringify({ status: "success", data: { resultType: "matrix", result: series } });
    const said = await planFrom((response, points, signal) =>
      response.end(isTasks(signal) ? answer : matrix(points)),
    );
    expect(planned(said).demands.find(({ signal }) => signal === "tasks")).toMatchObject({
      refused: "the query gives 50000 series where one is needed: aggregate it, such as sum(…)",
    });
  });
});
