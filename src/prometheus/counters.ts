import { parser } from "@prometheus-io/lezer-promql";

const RATES = new Set(["rate", "irate", "increase"]);

/** The counters a query takes rates of, as PromQL selectors: `http_requests_total{job="app"}`. */
export function countersOf(query: string): string[] {
  const found = new Set<string>();
  const text = (from: number, to: number) => query.slice(from, to);
  parser.parse(query).iterate({
    enter: ({ node }) => {
      if (node.name !== "FunctionCall") return;
      const called = node.getChild("FunctionIdentifier");
      if (!called || !RATES.has(text(called.from, called.to))) return;
      const selector = node
        .getChild("FunctionCallBody")
        ?.getChild("MatrixSelector")
        ?.getChild("VectorSelector");
      if (selector) found.add(text(selector.from, selector.to));
    },
  });
  return [...found];
}
