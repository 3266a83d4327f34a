/** Text from targets and files, made harmless for where it is going. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const COLOURS = /\u001b\[(?:1|2|22|3[1-9]|39)m/g;

/** Removes control characters, so that nothing a server answered can steer a terminal. Colours may stay. */
export function stripControls(text: string, keepColours = false): string {
  if (!keepColours) return text.replace(CONTROLS, "");
  const colours = text.match(COLOURS) ?? [];
  return text
    .split(COLOURS)
    .map((part, index) => part.replace(CONTROLS, "") + (colours[index] ?? ""))
    .join("");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Plain text within Markdown, one line, usable in a table cell. */
export function escapeMarkdown(text: string): string {
  return stripControls(text)
    .replace(/\n/g, " ")
    .replace(/[\\`*_{}[\]|#~]/g, "\\$&")
    .replace(/[&<>]/g, (mark) => ENTITIES[mark] as string);
}

/** A spreadsheet runs what begins with these; a quote before it makes it text (OWASP, CSV injection). */
export function escapeCsvFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
