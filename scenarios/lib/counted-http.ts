/** `k6/http` as scripts know it, with each request counted by its host. */
import http from "k6/http";
import { answered, requested } from "./hosts.ts";

type Call = (...args: unknown[]) => unknown;
type Calls = Record<string, Call>;
const real = http as unknown as Calls;

/** @param at which argument is the URL */
function counted(name: string, at: 0 | 1): Call {
  const call = real[name] as Call;
  return (...args) => {
    let answer: unknown;
    try {
      answer = call(...args);
    } finally {
      requested(args[at]);
    }
    if (answer instanceof Promise) return answer.then((one) => counting(args[at], one));
    return counting(args[at], answer);
  };
}

function counting(url: unknown, answer: unknown): unknown {
  answered(url, (answer as { url?: unknown } | null)?.url);
  return answer;
}

type Batched = string | [unknown, unknown, ...unknown[]] | { url: unknown };

const urlOf = (one: Batched): unknown =>
  typeof one === "string" ? one : Array.isArray(one) ? one[1] : (one.url ?? one);

function batch(all: Record<string, Batched>): unknown {
  const answers = real.batch?.(all) as Record<string, { url?: unknown }>;
  for (const [key, one] of Object.entries(all)) {
    requested(urlOf(one));
    answered(urlOf(one), answers[key]?.url);
  }
  return answers;
}

export const get = counted("get", 0);
export const head = counted("head", 0);
export const post = counted("post", 0);
export const put = counted("put", 0);
export const patch = counted("patch", 0);
export const del = counted("del", 0);
export const options = counted("options", 0);
export const request = counted("request", 1);
export const asyncRequest = counted("asyncRequest", 1);
export * from "k6/http";
export { batch };

export default Object.assign(Object.create(http), {
  ...{ get, head, post, put, patch, del, options, request, asyncRequest, batch },
});
