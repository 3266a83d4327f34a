import { InputError } from "../model/problem.ts";
import type { Engine } from "./engine.ts";
import { findK6 } from "./k6/find-k6.ts";

/** The engine asked for; `auto` is k6 where there is one, else the embedded engine. */
export async function chooseEngine(
  wanted: { engine: "auto" | "k6" | "autocannon"; k6?: string; script?: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<Engine> {
  // Loaded when chosen: either takes a third of the time in which a gate starts.
  const embedded = async () => (await import("./embedded/index.ts")).embeddedEngine();
  if (wanted.engine === "autocannon") return await embedded();
  const k6 = await findK6(wanted.k6, env);
  if (k6) return (await import("./k6/index.ts")).k6Engine(k6);
  if (wanted.engine === "k6" || wanted.script !== undefined) {
    throw InputError.option(
      "no k6 found (--k6, HEADROOM_K6, PATH, cache)",
      "Run `headroom setup k6`, or use --engine autocannon for a system's own journey",
    );
  }
  return await embedded();
}
