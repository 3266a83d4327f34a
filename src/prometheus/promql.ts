import { parser } from "@prometheus-io/lezer-promql";

/** What stands for the length of the run in a criterion's query. */
const WINDOW = /\$window/g;

/** The query with `$window` filled in, as PromQL wants durations: whole seconds. */
export function fillWindow(query: string, windowMs: number): string {
  return query.replace(WINDOW, `${Math.max(1, Math.ceil(windowMs / 1000))}s`);
}

/** The first syntax error by the official grammar, with the text around it, or null. */
export function findPromqlError(query: string): string | null {
  const text = fillWindow(query, 60_000);
  let error: string | null = null;
  parser.parse(text).iterate({
    enter: (node) => {
      if (!node.type.isError || error !== null) return;
      const near = text.slice(Math.max(0, node.from - 10), node.to + 15);
      error = `unexpected input at character ${node.from + 1}, near "${near}"`;
    },
  });
  return error;
}
