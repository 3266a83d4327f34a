import { stallOf } from "./generator-limits.ts";
import { findRow } from "./metric-row.ts";
import type { RunResult } from "./run.ts";
import { formatQuantity } from "./unit.ts";

export const NO_FILES = "too many open files";
export const NO_PORTS = "no local port left";

/** What the system says when it has nothing left, as the kinds above. */
export const OWN_CODES: Readonly<Record<string, string>> = {
  EMFILE: NO_FILES,
  ENFILE: NO_FILES,
  EADDRNOTAVAIL: NO_PORTS,
};
export const exhaustedKind = (code: string | undefined): string | null => OWN_CODES[code ?? ""] ?? null;

/** Requests that failed because the generator's machine had nothing left to send them with, by kind, and the remedy. */
export const OWN_ERRORS: Readonly<Record<string, string>> = {
  [NO_FILES]: "Raise the generator's limit of open files (ulimit -n), or run fewer users",
  [NO_PORTS]: "Keep connections alive, widen net.ipv4.ip_local_port_range, or use more generators",
};
/** Fewer than this share of the requests changes no verdict. */
const MOST = 0.001;

/** The failures of a run that are the generator's own and say nothing of the target; none where they are too few to weigh. */
export function ownErrors({ errors, metrics }: Pick<RunResult, "errors" | "metrics">): RunResult["errors"] {
  const requests = findRow(metrics, "http_reqs", {})?.count ?? 0;
  return errors.filter(({ kind, count }) => Object.hasOwn(OWN_ERRORS, kind) && count > MOST * requests);
}

/** What the generator lacked or suffered, in the words of a step that proves nothing; null: nothing. */
export function ownFault(run: Pick<RunResult, "errors" | "metrics" | "evidence">): string | null {
  const [own] = ownErrors(run);
  if (own !== undefined) return `generator: ${own.kind}`;
  const stalledMs = stallOf(run.evidence);
  return stalledMs === null ? null : `generator: it stood still for ${formatQuantity(stalledMs, "ms")}`;
}
