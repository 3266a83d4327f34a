import { bareHost } from "../model/address.ts";
import { findRow } from "../model/metric-row.ts";
import type { RunResult } from "../model/run.ts";
import { counted } from "../model/unit.ts";
import type { ValidityReason } from "./reason.ts";

/** Most requests of a script that may go elsewhere than to the target. */
const MOST_ELSEWHERE = 0.01;
/** Names of this machine, which a script and --target may each write their own way. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(?=:|$)/;

/** Whether the load went where it was meant to go, and nowhere else. */
export function hostReasons(run: RunResult): ValidityReason[] {
  return [...refusalReasons(run), ...targetReasons(run)];
}

/** A redirect, a script or a name's new address led to a host that is not the user's to load: nothing was sent to it. */
function refusalReasons({ asked, evidence }: RunResult): ValidityReason[] {
  const [most, ...others] = evidence.refusedHosts ?? [];
  if (most === undefined) return [];
  const requests = [most, ...others].reduce((sum, one) => sum + one.requests, 0);
  const { host, address } = most;
  const where = host === address ? host : `${host} (${address})`;
  const more = others.length === 0 ? "" : ` and ${counted(others.length, "other host")}`;
  const isTarget = asked.target !== null && host === hostnameOf(hostOf(asked.target));
  return [
    {
      code: "host-not-allowed",
      message: `${counted(requests, "request")} would have gone to ${where}${more}, outside loopback and private ranges, and ${requests === 1 ? "was" : "were"} not sent`,
      remedy: isTarget
        ? `The target's name has another address than when it was checked: run again, or say --allow-target ${address}`
        : `See which redirect or request leads there; if the host is yours to load, say --allow-target ${host}`,
      excusesFailure: true,
    },
  ];
}

/** The verdict names the target: a script of the user's own must have loaded it, and hardly anything else. */
function targetReasons({ asked, evidence, metrics }: RunResult): ValidityReason[] {
  const { allowedHosts = [], refusedHosts = [] } = evidence;
  const hosts = evidence.hosts?.filter(
    ({ host }) => !refusedHosts.some((refused) => refused.host === hostnameOf(host)),
  );
  if (asked.target === null || hosts === undefined || evidence.interrupted) return [];
  const target = hostOf(asked.target);
  const total = hosts.reduce((sum, { requests }) => sum + requests, 0);
  const others = hosts.filter(({ host }) => bare(host) !== bare(target));
  const elsewhere = others.filter(({ host }) => !allowedHosts.includes(hostnameOf(host)));
  const [most] = elsewhere;
  if (others.length === hosts.length && !speaksOtherwise(metrics)) {
    return [
      {
        code: "target-not-loaded",
        message: `the script sent ${others[0] === undefined ? "no request at all" : `its ${counted(total, "request")} to ${others[0].host}${others.length > 1 ? " and others" : ""}, and none to the target ${target}`}`,
        remedy: "Let the script read __ENV.TARGET, or give the host that it loads as --target",
        excusesFailure: true,
      },
    ];
  }
  const sum = elsewhere.reduce((all, { requests }) => all + requests, 0);
  if (most === undefined || sum <= MOST_ELSEWHERE * total) return [];
  return [
    {
      code: "load-elsewhere",
      message: `${((sum / total) * 100).toFixed(1)}% of the requests went elsewhere than to the target ${target}: ${elsewhere
        .slice(0, 3)
        .map(({ host, requests }) => `${host} (${requests})`)
        .join(", ")}`,
      remedy: `If they belong to the system under test, say --allow-target ${hostnameOf(most.host)}; otherwise leave them out of the script`,
      excusesFailure: true,
    },
  ];
}

/** Protocols whose hosts are not counted. */
const speaksOtherwise = (metrics: RunResult["metrics"]) =>
  ["grpc_req_duration", "browser_http_req_duration"].some(
    (metric) => (findRow(metrics, metric, {})?.samples ?? 0) > 0,
  );

const hostOf = (target: string) => new URL(target).host;
const hostnameOf = (host: string) => bareHost(host.replace(/:\d+$/, ""));
const bare = (host: string) => host.replace(LOOPBACK, "loopback");
