import type { ExpectedCalls } from "../model/asked.ts";
import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";
import { formatNumber } from "../model/unit.ts";
import { rangeOfCalls } from "./expected-calls.ts";
import type { ValidityReason } from "./reason.ts";

/** Share of an endpoint's expected requests that may be missing or too many, beyond chance. */
const TOLERATED = 0.1;
/** Around the border of two phases iterations begin late by as much as a generator may stand still, ms. */
const BORDER_MS = 2000;

interface Calls {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
  readonly made: number;
  /** `detect`, `detect in steady`. */
  readonly where: string;
}

/** Holds every endpoint, in the whole run and in each phase, to the requests that journey and load ask of it. */
export function coverageReasons(run: RunResult): ValidityReason[] {
  return (run.asked.expected ?? []).flatMap((expected) => {
    const redirected =
      run.evidence.redirects?.find(({ endpoint }) => endpoint === expected.endpoint)?.requests ?? 0;
    const found = [callsOf(run, expected), ...callsByPhase(run, expected)].flatMap((calls) =>
      calls === null ? [] : reasonsOf(calls, expected, redirected),
    );
    return found.slice(0, 1); // an endpoint that was never called was not called in any phase either
  });
}

/** Told by the iterations that were made: that they are as many as asked is judged by itself. */
function callsOf(
  { evidence, metrics }: RunResult,
  { endpoint, perIteration, setup }: ExpectedCalls,
): Calls | null {
  const { iterations } = evidence;
  if (!evidence.summaryComplete || iterations === null || iterations === 0) return null;
  // One that was cut short made a part of its requests and is not counted.
  const begun = iterations + (evidence.usersSeen ?? evidence.maxUsers ?? 0);
  const expected = rangeOfCalls(iterations, perIteration);
  return {
    low: expected.low,
    mean: expected.mean,
    high: rangeOfCalls(begun, perIteration).high,
    made: samplesOf(metrics, { name: endpoint }) - setup,
    where: endpoint,
  };
}

/** Only where the load was delivered to its end: else the phases' iterations are not known. */
function callsByPhase({ asked, evidence, metrics }: RunResult, expected: ExpectedCalls): Calls[] {
  const isWhole =
    evidence.summaryComplete &&
    !evidence.interrupted &&
    !evidence.abortedByCriterion &&
    (evidence.droppedIterations ?? 0) === 0 &&
    (evidence.iterations ?? 0) >= (evidence.plannedIterations ?? Number.POSITIVE_INFINITY) * 0.99;
  if (!isWhole || asked.load === null) return [];
  const perSecond = (asked.load.peak / asked.load.requestsPerIteration) * expected.perIteration;
  // And by one: where an iteration is due at the border, it may begin on either side.
  const border = (BORDER_MS / 1000) * perSecond + 1;
  return expected.phases.map(({ phase, requests: { low, mean, high } }) => ({
    low: low - border,
    mean,
    high: high + border,
    made: samplesOf(metrics, { name: expected.endpoint, phase }),
    where: `${expected.endpoint} in ${phase}`,
  }));
}

const samplesOf = (metrics: RunResult["metrics"], tags: Record<string, string>) =>
  findRow(metrics, "http_req_failed", tags)?.samples ?? 0;

/** @param redirected requests that were made twice, which is a reason of its own */
function reasonsOf(
  { low, mean, high, made, where }: Calls,
  { needs }: ExpectedCalls,
  redirected: number,
): ValidityReason[] {
  const about = formatNumber(Math.round(mean));
  if (made <= 0 && low > 0)
    return [
      reason(
        "endpoint-not-called",
        `${where} was never called where about ${about} requests were planned`,
        needs,
      ),
    ];
  if (made < low * (1 - TOLERATED))
    return [
      reason(
        "endpoint-called-too-seldom",
        `${where} was called ${made} times where about ${about} requests were planned`,
        needs,
      ),
    ];
  if (made - redirected <= high * (1 + TOLERATED)) return [];
  return [
    {
      code: "endpoint-called-too-often",
      message: `${where} was called ${made} times where about ${about} requests were planned`,
      remedy: "Look for redirects, each of which is a request more: name the address that answers itself",
      excusesFailure: false,
    },
  ];
}

function reason(code: string, message: string, needs: readonly string[]): ValidityReason {
  const names = needs.map((name) => `{${name}}`).join(" and ");
  return {
    code,
    message: needs.length === 0 ? message : `${message}: earlier answers did not give ${names}`,
    remedy:
      needs.length === 0
        ? "Look at the log and at the steps before it: iterations ended early"
        : `Look at the answers that ${names} is extracted from (failed, or an empty list?): give the target data, or correct the extraction`,
    excusesFailure: false,
  };
}

/** Endpoints that nothing is known of, although chance may be why. */
export function coverageNotices({ asked, metrics, evidence }: RunResult): string[] {
  if (!evidence.summaryComplete) return [];
  const silent = (asked.expected ?? []).filter(
    ({ endpoint, setup }) => samplesOf(metrics, { name: endpoint }) <= setup,
  );
  return silent.length === 0
    ? []
    : [
        `the load called ${silent.map(({ endpoint }) => endpoint).join(", ")} not once: nothing is known of it`,
      ];
}
