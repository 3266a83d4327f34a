import type { Answer } from "../../../scenarios/lib/journey.ts";
import type { Reply } from "./user-pool.ts";

/** A reply as journeys see it; its body is parsed when it is first asked for. */
export function toAnswer(reply: Reply): Answer {
  let parsed: unknown;
  let isParsed = false;
  const headers = new Map(
    Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return {
    status: reply.status,
    durationMs: reply.durationMs,
    header: (name) => headers.get(name),
    json: (path) => {
      if (!isParsed) parsed = parseJson(reply.body);
      isParsed = true;
      return path === undefined ? parsed : path.split(".").reduce(valueAt, parsed);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an answer that is not JSON has no value at any path
  }
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
