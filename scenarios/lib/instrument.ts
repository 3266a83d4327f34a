/**
 * What Headroom adds to any k6 script: iterations that throw are counted (k6 counts them as done), and the
 * summary is written whole to a file of its own, whatever the script's own handleSummary does.
 */
import { Counter } from "k6/metrics";

const exceptions = new Counter("headroom_exceptions");

type Exec = (...args: unknown[]) => unknown;

/** The same function, with what it throws counted and thrown on. */
export function guard(run: Exec): Exec {
  return (...args) => {
    try {
      const result = run(...args);
      return result instanceof Promise ? result.catch(countAndThrow) : result;
    } catch (thrown) {
      return countAndThrow(thrown);
    }
  };
}

function countAndThrow(thrown: unknown): never {
  exceptions.add(1);
  throw thrown;
}

interface Options {
  thresholds?: Record<string, unknown[]>;
  summaryTrendStats?: string[];
  /** Ranges that no connection may reach, whatever name, redirect or protocol leads there. */
  blacklistIPs?: string[];
  dns?: Record<string, unknown>;
}

/** The script's options with Headroom's thresholds and limits added to its own. */
export function mergeOptions(own: Options = {}, added: Required<Omit<Options, "dns">> & Options): Options {
  const thresholds: Record<string, unknown[]> = {};
  for (const [selector, list] of Object.entries(own.thresholds ?? {})) thresholds[selector] = [...list];
  for (const [selector, list] of Object.entries(added.thresholds)) {
    thresholds[selector] = [...(thresholds[selector] ?? []), ...list];
  }
  return {
    ...own,
    thresholds,
    summaryTrendStats: added.summaryTrendStats,
    blacklistIPs: [...(own.blacklistIPs ?? []), ...added.blacklistIPs],
    ...(added.dns === undefined ? {} : { dns: { ...added.dns, ...own.dns } }),
  };
}

/** handleSummary's answer: the script's own files, if it has any and does not fail, and the whole summary. */
export function summarise(data: unknown, file: string, own?: (data: unknown) => Record<string, unknown>) {
  let files: Record<string, unknown> = {};
  let ownError: string | null = null;
  try {
    files = own ? own(data) : {};
  } catch (thrown) {
    ownError = String(thrown);
  }
  return { ...files, [file]: JSON.stringify({ ownError, data }) };
}
