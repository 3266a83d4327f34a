/** `k6/websockets` as scripts know it, with each connection counted by its host. */
import { WebSocket as Real } from "k6/websockets";
import { requested } from "./hosts.ts";

/** What a constructor returns is what `new` gives: the real socket. */
export function WebSocket(...args: ConstructorParameters<typeof Real>): Real {
  requested(args[0]);
  return new Real(...args);
}
export * from "k6/websockets";
