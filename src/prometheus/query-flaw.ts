import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { fillWindow } from "./promql.ts";

/** Why a query's value over a run says nothing of it: it reads no series, or a counter's count since its process began. */
export type QueryFlaw =
  | { readonly kind: "constant" }
  | { readonly kind: "counter-without-rate"; readonly metric: string };

/** Names that a counter has by convention (prometheus.io, Metric and label naming); `_count` may be a gauge. */
const COUNTER = /_(total|sum|bucket)$/;
/** What makes a change out of counts, or does not look at values at all. */
const READS_CHANGE =
  /^(Rate|Irate|Increase|Delta|Idelta|Deriv|Resets|Changes|Absent|AbsentOverTime|Timestamp|CountOverTime|PresentOverTime|Count|Group)$/;

/** The first flaw of a query that is PromQL, or null. */
export function findQueryFlaw(query: string): QueryFlaw | null {
  const text = fillWindow(query, 60_000);
  const selectors: SyntaxNode[] = [];
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.name === "VectorSelector") selectors.push(node.node);
    },
  });
  if (selectors.length === 0) return { kind: "constant" };
  for (const selector of selectors) {
    const name = selector.getChild("Identifier");
    const metric = name === null ? "" : text.slice(name.from, name.to);
    if (COUNTER.test(metric) && !isReadAsChange(selector)) return { kind: "counter-without-rate", metric };
  }
  return null;
}

/** Whether a function or an aggregation around the selector reads its change. One over time says that it is a gauge. */
function isReadAsChange(selector: SyntaxNode): boolean {
  for (let node = selector.parent; node !== null; node = node.parent) {
    const called = node.getChild("FunctionIdentifier") ?? node.getChild("AggregateOp");
    const name = called?.firstChild?.name ?? "";
    if (READS_CHANGE.test(name) || name.endsWith("OverTime")) return true;
  }
  return false;
}
