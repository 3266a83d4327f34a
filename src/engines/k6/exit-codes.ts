import { formatQuantity } from "../../model/unit.ts";

/** k6's exit codes (cmd/errext/exitcodes in its source), in words for a reader. */
const MEANINGS: Record<number, string> = {
  0: "ended normally",
  97: "cloud run failed",
  99: "thresholds failed",
  100: "setup took too long",
  101: "teardown took too long",
  102: "generic timeout",
  103: "stopped through its REST API",
  104: "invalid configuration",
  105: "stopped by a signal",
  106: "cannot start its REST API",
  107: "exception in the script",
  108: "the script aborted the test",
  109: "k6 panicked",
  110: "the script marked the test as failed",
  255: "wrong flag or missing file",
};

/** Codes after which the samples are what the run was meant to give. */
const COMPLETE = new Set([0, 99, 110]);

function exitMeaning(code: number | null, signal: string | null): string {
  if (signal !== null) return `killed by ${signal}`;
  return code === null ? "never started" : (MEANINGS[code] ?? `unknown exit code ${code}`);
}

/**
 * How k6 ended, for the evidence in run.json.
 *
 * @param overdueMs the time after which it was stopped because it did not end by itself
 */
export function explainExit(code: number | null, signal: string | null, overdueMs: number | null = null) {
  const complete = overdueMs === null && signal === null && code !== null && COMPLETE.has(code);
  const meaning =
    overdueMs === null
      ? exitMeaning(code, signal)
      : `still ran after ${formatQuantity(overdueMs, "ms")}, when all it may do was over, and was stopped`;
  return { code, signal, meaning, complete, markedFailed: code === 110 };
}

/** What the system refused to connect for another reason; the log has it. */
export const UNKNOWN_DIAL_ERROR = "no connection";

/** Families of k6's error codes (lib/netext/httpext/error_codes.go), in words. */
export function errorKind(code: number): string {
  const exact: Record<number, string> = {
    1050: "request timed out",
    1101: "no such host",
    1110: "host not allowed",
    1111: "host not allowed",
    1201: "connection reset",
    1211: "connection timed out",
    1212: "connection refused",
    1213: UNKNOWN_DIAL_ERROR,
    1220: "connection reset",
    1310: "unknown certificate authority",
    1311: "certificate does not match the host",
  };
  const known = exact[code];
  if (known !== undefined) return known;
  const families: [number, string][] = [
    [1400, `HTTP ${code - 1000}`],
    [1300, "TLS error"],
    [1200, "connection error"],
    [1100, "name lookup failed"],
    [1000, "request failed"],
  ];
  if (code >= 1600) return "HTTP/2 error";
  return families.find(([from]) => code >= from)?.[1] ?? `error ${code}`;
}
