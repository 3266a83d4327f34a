import type { ClientCriterion } from "./criterion.ts";

/** `http_req_duration{name:detect,phase:steady}`: k6's way to name a metric under tags. */
export function selectorOf(metric: string, tags: Readonly<Record<string, string>>): string {
  const list = Object.entries(tags).map(([key, value]) => `${key}:${value}`);
  return list.length === 0 ? metric : `${metric}{${list.join(",")}}`;
}

/** The metric and the tags of a selector. */
export function parseSelector(selector: string): { metric: string; tags: Record<string, string> } {
  const open = selector.indexOf("{");
  if (open < 0) return { metric: selector, tags: {} };
  const pairs = selector
    .slice(open + 1, -1)
    .split(",")
    .filter(Boolean);
  const tags = Object.fromEntries(
    pairs.map((pair) => {
      const colon = pair.indexOf(":");
      return [
        pair.slice(0, colon).trim(),
        pair
          .slice(colon + 1)
          .trim()
          .replace(/^"(.*)"$/s, "$1"),
      ];
    }),
  );
  return { metric: selector.slice(0, open), tags };
}

/** Every tag that samples of a criterion carry, its phase among them. */
export function tagsOf({ tags, phase }: ClientCriterion): Record<string, string> {
  return { ...tags, ...(phase ? { phase } : {}) };
}
