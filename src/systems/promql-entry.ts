import { findPromqlError } from "../prometheus/promql.ts";
import type { Report } from "./report.ts";

/** Reports a query that the official grammar does not take; true where it is PromQL. */
export function requirePromql(query: string, path: PropertyKey[], report: Report): boolean {
  const error = findPromqlError(query);
  if (error !== null)
    report(path, `not PromQL: ${error}`, "Correct the query; $window stands for a length of time");
  return error === null;
}
