/** `k6/ws` as scripts know it, with each connection counted by its host. */
import ws from "k6/ws";
import { requested } from "./hosts.ts";

type Connect = (url: unknown, ...rest: unknown[]) => unknown;

export const connect: Connect = (url, ...rest) => {
  requested(url);
  return (ws.connect as unknown as Connect)(url, ...rest);
};
export * from "k6/ws";
export default Object.assign(Object.create(ws), { connect });
