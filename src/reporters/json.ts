import type { Reporter } from "./report.ts";

const write = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export const json: Reporter = {
  describes: "verdict.json, and comparison.json with a baseline: for machines",
  render: ({ verdict, comparison = null }) => [
    { name: "verdict.json", text: write(verdict) },
    ...(comparison === null ? [] : [{ name: "comparison.json", text: write(comparison) }]),
  ],
};
