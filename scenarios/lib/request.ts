/** The request that a step makes, the same for every engine. */
import type { Context, Request } from "./journey.ts";
import { fillPath } from "./variables.ts";

/** The request a step makes now: path, body and headers, the bearer token included. */
export function renderRequest(step: Request & { readonly authorized?: boolean }, context: Context) {
  const path = fillPath(step.path, context.vars);
  const body = typeof step.body === "function" ? step.body(context) : step.body;
  const token = step.authorized === false ? undefined : context.vars.token;
  const headers: Record<string, string> = { ...step.headers };
  if (body !== undefined)
    headers["Content-Type"] = step.form ? "application/x-www-form-urlencoded" : "application/json";
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  return { method: step.method, path, headers, body: body === undefined ? null : encode(body, step.form) };
}

/** k6 has no URLSearchParams; the fields of a form are the same with `encodeURIComponent`. */
function encode(body: object, form = false): string {
  if (!form) return JSON.stringify(body);
  return Object.entries(body)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
}
