import { parser } from "@prometheus-io/lezer-promql";

const RATES = new Set(["rate", "irate", "increase"]);

/** The counters a query takes rates of, as PromQL selectors: `http_requests_total{job="app"}`. */
export function countersOf(query: string): string[] {
  const found = new Set<string>();
  const text = ({ from, to }: { from: number; to: number }) => query.slice(from, to);
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name !== "MatrixSelector") return;
      let around = node.parent;
      while (around && around.name !== "FunctionCall") around = around.parent;
      const called = around?.getChild("FunctionIdentifier");
      const selector = node.getChild("VectorSelector");
      if (called && selector && RATES.has(text(called))) found.add(text(selector));
    },
  });
  return [...found];
}
