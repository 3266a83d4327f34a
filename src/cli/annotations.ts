import type { Verdict } from "../model/verdict.ts";
import { limitCell, observedCell } from "../reporters/words.ts";
import type { LoadedThresholds } from "../systems/thresholds-file.ts";

/**
 * GitHub's workflow commands: a broken criterion stands as an error at its line of the thresholds file, on the pull
 * request's page.
 * Source: docs.github.com, Workflow commands for GitHub Actions.
 */
export function annotationsOf(
  { criteria, reasons, status }: Verdict,
  { file, text }: Pick<LoadedThresholds, "file" | "text">,
): string[] {
  const lines = text.split("\n");
  const broken = criteria
    .filter((criterion) => criterion.status !== "pass")
    .map((criterion) => {
      const at = lines.findIndex((line) => new RegExp(`\\bid:\\s*${criterion.id}\\s*$`).test(line));
      const isError = criterion.severity === "gate" && criterion.status === "fail";
      return command(
        isError ? "error" : "warning",
        { ...(at < 0 ? {} : { file, line: String(at + 1) }), title: `SLA: ${criterion.id}` },
        `${criterion.where} ${criterion.stat} is ${observedCell(criterion)}, allowed ${limitCell(criterion)}. ${criterion.why}`,
      );
    });
  const doubts = reasons.map(({ message, remedy }) =>
    command(
      status === "inconclusive" ? "error" : "warning",
      { title: "The run proves nothing" },
      `${message}. ${remedy}`,
    ),
  );
  return [...broken, ...doubts];
}

function command(name: string, properties: Record<string, string>, message: string): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${given.join(",")}::${escapeData(message)}`;
}

const escapeData = (text: string) =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
