import { EXIT } from "./exit-codes.ts";

/** What arrives within this time is the same interrupt: `timeout` signals the process and then its group, itself included. */
const SAME_MS = 1000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Turns the first interrupt into an abort, so that the work ends by itself and keeps what it has; a second one
 * leaves at once.
 */
export function onInterrupt(announce: () => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  let firstMs = 0;
  const handle = () => {
    if (controller.signal.aborted) {
      if (performance.now() - firstMs > SAME_MS) process.exit(EXIT.interrupted);
      return;
    }
    firstMs = performance.now();
    announce();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, handle);
    },
  };
}
