import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Draw, drawFrom } from "./draw.ts";
import { stepsOf } from "./happened.ts";
import { type Body, FURTHEST, type Outcome, Target } from "./target.ts";
import type { World } from "./world.ts";

const BODIES: Record<Body, unknown> = {
  good: { ok: true, items: [{ id: "a1" }], token: "t" },
  "no-items": { ok: true, items: [] },
  wrong: { ok: false, items: [{ id: "a1" }] },
  page: null,
  none: {},
};

/** Serves a world's target on loopback, its faults timed from the first request of the load. */
export async function serveWorld<T>(world: World, use: (url: string) => Promise<T>): Promise<T> {
  const target = new Target(world);
  const draw = drawFrom(world.seed);
  let beganMs: number | null = null;
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://target");
    const [, endpoint = "", id] = pathname.split("/");
    const step = stepsOf(world.journey).find(
      ({ endpoint: name }) => name === (id === undefined ? endpoint : `${endpoint}-item`),
    );
    // Whether anybody is there is asked before the load, and is none of it.
    if (step === undefined) return void response.end("{}");
    beganMs ??= performance.now();
    const second = Math.floor((performance.now() - beganMs) / 1000);
    const { seen } = target.at(step.endpoint, second, id === "none");
    answer(choose(seen, draw), draw, request, response);
  });
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function answer(outcome: Outcome, draw: Draw, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? "/";
  if (outcome.redirected && !url.endsWith("?again")) {
    response.writeHead(307, { Location: `${url}?again` }).end();
    return;
  }
  const z = Math.max(-FURTHEST, Math.min(FURTHEST, draw.normal()));
  setTimeout(
    () => {
      if (outcome.status === 0) {
        request.socket.resetAndDestroy();
        return;
      }
      response.writeHead(outcome.status, {
        "Content-Type": "application/json",
        ...(outcome.limited ? { "Retry-After": "1" } : {}),
      });
      response.end(outcome.body === "page" ? "<html>back soon</html>" : JSON.stringify(BODIES[outcome.body]));
    },
    outcome.medianMs * Math.exp(outcome.sigma * z),
  );
}

function choose(outcomes: readonly Outcome[], draw: Draw): Outcome {
  let roll = draw.uniform();
  for (const outcome of outcomes) {
    roll -= outcome.probability;
    if (roll < 0) return outcome;
  }
  return outcomes.at(-1) as Outcome;
}
