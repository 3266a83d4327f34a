import { REDIRECTS } from "../../scenarios/lib/redirects.ts";
import type { Redirect } from "../model/evidence.ts";
import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";
import { counted } from "../model/unit.ts";
import type { ValidityReason } from "./reason.ts";

/** Most of an endpoint's requests that may be redirected. */
const MOST_REDIRECTED = 0.01;
/** Those after which anything but GET is sent as GET, without its body. */
const TURN_TO_GET: readonly (number | undefined)[] = [301, 302, 303];

/** Endpoints that only answer behind a redirect: each request is made twice, and the quick half counts as well. */
export function redirectReasons(run: RunResult): ValidityReason[] {
  return (run.evidence.redirects ?? [])
    .filter(({ endpoint, requests }) => requests > MOST_REDIRECTED * stepsOf(run, endpoint, requests))
    .map((redirect) => reasonOf(redirect, statusOf(run)));
}

/** Times the step was taken: each redirected one is at least a request more. */
function stepsOf(run: RunResult, endpoint: string, redirected: number): number {
  const requests = findRow(run.metrics, "http_req_failed", { name: endpoint })?.samples ?? 0;
  return Math.max(redirected, requests - redirected);
}

/** The status of the run's redirects, where it is one. */
function statusOf({ statusCounts }: RunResult): number | undefined {
  const seen = statusCounts.filter(({ status }) => status !== null && REDIRECTS.includes(status));
  return seen.length === 1 ? (seen[0]?.status ?? undefined) : undefined;
}

function reasonOf({ method, path, to, requests }: Redirect, status: number | undefined): ValidityReason {
  const answers = status === undefined ? "is redirected" : `answers ${status}`;
  const where = to === "" ? "" : ` to ${to}`;
  const asGet = method !== "GET" && TURN_TO_GET.includes(status) ? " (as GET, without its body)" : "";
  const address = /^https?:/.test(to)
    ? `give --target ${originOf(to)}`
    : `write ${to || "the address that answers"}`;
  return {
    code: "redirected",
    message: `${method} ${path} ${answers}${where}${asGet}: ${counted(requests, "request")} had to be made twice, and the quick redirects count among the latencies`,
    remedy: `Correct the journey's address: ${address}; or list the redirect under the step's \`expect\``,
    excusesFailure: true,
  };
}

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : url);
