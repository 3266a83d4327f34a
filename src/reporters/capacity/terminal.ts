import { type Capacity, pointsOf } from "../../model/capacity.ts";
import { counted, formatNumber, formatQuantity } from "../../model/unit.ts";
import { stripControls } from "../safe-text.ts";
import { paints, table, wrap } from "../table.ts";
import { capacitySentence, describeUsl } from "./words.ts";

/** What was measured, for a person at a terminal; 80 columns suffice. */
export function renderCapacityTerminal(
  capacity: Capacity,
  { color, columns }: { color: boolean; columns: number },
): string {
  const { green, yellow, red, bold, dim } = paints(color);
  const lines = [
    "",
    `${bold(capacity.system)} · capacity · ${counted(capacity.instances, "instance")}${capacity.engine ? ` · ${capacity.engine.name} ${capacity.engine.version}` : ""}`,
    "",
    ...wrap(capacitySentence(capacity), columns).map((line) =>
      bold((capacity.settled ? green : yellow)(line)),
    ),
    "",
    table(
      ["", "offered", "achieved", "in flight", "mean", "p95", "errors"].map((head) => dim(head)),
      [...capacity.steps]
        .sort((a, b) => a.offered - b.offered)
        .map(({ offered, achieved, concurrency, meanMs, p95Ms, errorRatio, holds }) => [
          holds === null ? yellow("?") : holds ? green("✓") : red("✗"),
          formatQuantity(offered, "per-second"),
          formatQuantity(achieved, "per-second"),
          concurrency === null ? "–" : formatNumber(concurrency),
          meanMs === null ? "–" : formatQuantity(meanMs, "ms"),
          p95Ms === null ? "–" : formatQuantity(p95Ms, "ms"),
          errorRatio === null ? "–" : formatQuantity(errorRatio, "ratio"),
        ]),
      ["left", "right", "right", "right", "right", "right", "right"],
    ),
    "",
    ...describeUsl(capacity.usl, pointsOf(capacity.steps)).flatMap((text) =>
      wrap(text, columns - 2).map((line) => `  ${line}`),
    ),
  ];
  return `${stripControls(lines.join("\n").trimEnd(), color)}\n`;
}
