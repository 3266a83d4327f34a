import { describe, expect, it } from "vitest";
import type { Evidence } from "../../src/model/evidence.ts";
import { canonicalRun } from "../canonical.ts";
import { codesOf, inWords, judged, reasonsOf } from "./reasons-of.ts";

const endedWith = (exit: Partial<Evidence["exit"]>): Evidence["exit"] => ({
  code: null,
  signal: null,
  meaning: "ended normally",
  complete: true,
  markedFailed: false,
  ...exit,
});
const LOG = ["level=error msg=boom"];

/** What could have broken a criterion that the target itself would have met, and what can only have flattered it. */
const EXCUSES = "a failure is excused";
const STANDS = "a failure stands";

const REASONS: [code: string, evidence: Partial<Evidence>, words: string, failure: string][] = [
  [
    "interrupted",
    { interrupted: true, summaryComplete: false, iterations: 10, droppedIterations: 7 },
    "the run was interrupted. Let it run to its end; the partial results are kept.",
    EXCUSES,
  ],
  [
    "summary-missing",
    {
      summaryComplete: false,
      exit: endedWith({ signal: "SIGKILL", meaning: "killed by SIGKILL", complete: false }),
      iterations: 10,
      droppedIterations: 7,
    },
    "k6 ended without its summary (killed by SIGKILL). Look for the out-of-memory killer in the system log; lower the load or the length.",
    EXCUSES,
  ],
  [
    "summary-missing",
    { summaryComplete: false, log: LOG },
    "k6 ended without its summary (ended normally). See the log: level=error msg=boom.",
    EXCUSES,
  ],
  [
    "summary-missing",
    { summaryComplete: false },
    "k6 ended without its summary (ended normally). See the log: it is empty.",
    EXCUSES,
  ],
  [
    "engine-exit",
    { exit: endedWith({ code: 109, meaning: "k6 panicked", complete: false }) },
    "k6 ended unexpectedly: k6 panicked. See the log: it is empty.",
    EXCUSES,
  ],
  [
    "script-marked-failed",
    { exit: endedWith({ code: 110, markedFailed: true }) },
    "the script marked the test as failed. See the log: it is empty.",
    STANDS,
  ],
  [
    "engine-exit",
    { exit: endedWith({ code: 109, meaning: "k6 panicked", complete: false }), log: LOG },
    "k6 ended unexpectedly: k6 panicked. See the log: level=error msg=boom.",
    EXCUSES,
  ],
  [
    "summary-failed",
    { scriptSummaryError: "read-only file system" },
    "the script's own handleSummary failed: read-only file system. Fix it, or the path it writes to; Headroom's own summary of the run is complete.",
    STANDS,
  ],
  [
    "users-exhausted",
    { droppedIterations: 20, usersSeen: 100, maxUsers: 100 },
    "all 100 virtual users were waiting, and 20 iterations never sent: the slowest answers are missing from the percentiles. The target is slower than the load allows for: raise maxUsers in the load, or lower the rate.",
    STANDS,
  ],
  [
    "iterations-dropped",
    { droppedIterations: 1 },
    "no virtual user was free in time for 1 iteration. Raise preallocated users (maxUsers in the load) or lower the rate.",
    STANDS,
  ],
  [
    "load-not-delivered",
    { iterations: 2960 },
    "2960 of 3000 planned iterations were made (98.7%). The load never reached the target as asked: look at dropped iterations, users and the generator's CPU.",
    STANDS,
  ],
  [
    "no-iterations",
    { iterations: 0, plannedIterations: null },
    "not one iteration was completed. Check the target and the script.",
    STANDS,
  ],
  [
    "generator-saturated",
    { generatorCpu: { cores: 4, samples: [0.9, 0.4, 0.3] } },
    "k6 used over 90% of its 4 cores for 1 of 3 s: the latencies contain its own waiting. Run the generator on more cores, apart from the target, or lower the rate.",
    EXCUSES,
  ],
  [
    "generator-saturated",
    { generatorCpu: { cores: 0.5, samples: [0.9, 0.4, 0.3] } },
    "k6 used over 90% of its 0.5 cores for 1 of 3 s: the latencies contain its own waiting. Run the generator on more cores, apart from the target, or lower the rate.",
    EXCUSES,
  ],
  [
    "generator-stalled",
    { stalledMs: 2000 },
    "k6 itself stood still for 2 s: the latencies contain that time. Run it where nothing suspends or throttles it, such as a paused machine or a CPU limit, and again.",
    EXCUSES,
  ],
  [
    "exceptions",
    { exceptions: 3, log: ["level=info msg=hello", 'level=error msg="TypeError: x is undefined"', ...LOG] },
    '3 iterations threw an exception. Fix the journey: level=error msg="TypeError: x is undefined".',
    STANDS,
  ],
  ["exceptions", { exceptions: 1 }, "1 iteration threw an exception. Fix the journey: see the log.", STANDS],
  [
    "rate-limited",
    { rateLimited: 120 },
    "2.0% of the answers came from a rate limiter: the run measured the limiter, not the service. Exempt the generator's address from the limit, test behind the limiter, or lower the rate.",
    EXCUSES,
  ],
];

describe("what keeps a run from proving something", () => {
  it.each(REASONS)("%s, of %j", (code, evidence, words, failure) => {
    const reasons = reasonsOf(canonicalRun(evidence));
    expect(reasons.map((reason) => [reason.code, inWords(reason), reason.excusesFailure])).toEqual([
      [code, words, failure === EXCUSES],
    ]);
  });

  it("is nothing in a run that went well, nor where the engine does not know", () => {
    expect(codesOf(canonicalRun())).toEqual([]);
    const unknown = {
      plannedIterations: null,
      iterations: null,
      droppedIterations: null,
      maxUsers: null,
      usersSeen: null,
      exceptions: null,
      rateLimited: null,
      generatorCpu: null,
    };
    expect(codesOf(canonicalRun(unknown))).toEqual([]);
  });

  it("is said of everything that is wrong, not of the first alone", () => {
    const run = canonicalRun({ droppedIterations: 50, iterations: 2900, exceptions: 2, rateLimited: 900 });
    expect(codesOf(run)).toEqual(["iterations-dropped", "load-not-delivered", "exceptions", "rate-limited"]);
  });
});

describe("the lines that are drawn", () => {
  it.each<[string, Partial<Evidence>, string[]]>([
    ["99% of the load is delivered", { iterations: 2970 }, []],
    ["less is not", { iterations: 2969 }, ["load-not-delivered"]],
    // One iteration per user may still wait when the run ends.
    ["one iteration of few may be cut at the end", { plannedIterations: 20, iterations: 19 }, []],
    ["two may not", { plannedIterations: 20, iterations: 18 }, ["load-not-delivered"]],
    ["a load of nothing planned delivers it", { plannedIterations: 0, iterations: 0 }, ["no-iterations"]],
    [
      "users that were not all busy are not exhausted",
      { droppedIterations: 1, usersSeen: 99 },
      ["iterations-dropped"],
    ],
    ["all users busy without a dropped iteration is a full house", { usersSeen: 100 }, []],
    [
      "nobody knows how many users there were",
      { droppedIterations: 1, usersSeen: null },
      ["iterations-dropped"],
    ],
    ["nobody knows how many there may be", { droppedIterations: 1, maxUsers: null }, ["iterations-dropped"]],
    ["one percent of refusals by a rate limiter", { rateLimited: 60 }, []],
    ["more than one percent", { rateLimited: 61 }, ["rate-limited"]],
    ["two seconds say nothing of a generator's CPU", { generatorCpu: { cores: 4, samples: [1, 1] } }, []],
    ["less than two seconds are a hiccup", { stalledMs: 1999 }, []],
    [
      "a tenth of the seconds may be busy",
      { generatorCpu: { cores: 4, samples: [0.95, 0.95, ...new Array(18).fill(0.3)] } },
      [],
    ],
    [
      "more may not",
      { generatorCpu: { cores: 4, samples: [0.95, 0.95, ...new Array(17).fill(0.3)] } },
      ["generator-saturated"],
    ],
  ])("%s", (_, evidence, codes) => expect(codesOf(canonicalRun(evidence))).toEqual(codes));
});

describe("requests that never left the generator", () => {
  const lacking = (count: number, kind = "too many open files") =>
    reasonsOf({ ...canonicalRun(), errors: [{ kind, count }] });

  it("prove nothing of the target, beyond one in a thousand", () => {
    expect(lacking(7)).toEqual([
      {
        code: "generator-exhausted",
        message: "7 requests of 6000 never left the generator: too many open files",
        remedy: "Raise the generator's limit of open files (ulimit -n), or run fewer users",
        excusesFailure: true,
      },
    ]);
    expect(lacking(6)).toEqual([]);
    expect(lacking(7, "no local port left")[0]?.code).toBe("generator-exhausted");
  });

  it("are not those that the target refused, whatever a file calls them", () => {
    for (const kind of ["connection refused", "toString", "__proto__"])
      expect(lacking(3000, kind)).toEqual([]);
  });
});

describe("a criterion without data", () => {
  it.each([
    ["client", "Lengthen the run, raise the rate, or correct the endpoint, tags or phase of the criterion"],
    ["server", "Check the query against Prometheus and that it scrapes the target"],
    ["regression", "Lengthen the run or compare with several runs of the baseline"],
  ] as const)("of kind %s says what to do", (kind, remedy) => {
    const line = judged({ kind, status: "no-data", note: "too few" });
    expect(reasonsOf(canonicalRun(), [judged(), line])).toEqual([
      { code: "no-data", message: "p95 has no data: too few", remedy, excusesFailure: false },
    ]);
  });

  it("matters where it gates, and not where it warns", () => {
    const warns = judged({ severity: "warn", status: "no-data" });
    expect(reasonsOf(canonicalRun(), [judged(), warns])).toEqual([]);
    expect(reasonsOf(canonicalRun(), [warns])).toEqual([
      {
        code: "nothing-judged",
        message: "no gate criterion applies to this run",
        remedy: "Add one to the thresholds file, or choose another scenario",
        excusesFailure: false,
      },
    ]);
  });
});
