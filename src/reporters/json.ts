import type { Reporter } from "./report.ts";

export const json: Reporter = {
  describes: "verdict.json: the verdict for machines (headroom/verdict@1)",
  render: ({ verdict }) => [{ name: "verdict.json", text: `${JSON.stringify(verdict, null, 2)}\n` }],
};
