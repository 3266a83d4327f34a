import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { InputError } from "../../model/problem.ts";
import type { Engine, LoadOrder, PreparedLoad } from "../engine.ts";
import { runEmbedded } from "./run-embedded.ts";

/** The engine that needs nothing installed: the journey's requests through autocannon's connections. */
export function embeddedEngine(): Engine {
  const manifest = createRequire(import.meta.url).resolve("autocannon/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return {
    name: "autocannon",
    version,
    async prepare(order: LoadOrder): Promise<PreparedLoad> {
      const { journey, plan, target } = order;
      if (journey === null || plan === null) {
        throw InputError.option(
          "the embedded engine runs journeys, not k6 scripts",
          "Install k6 (`headroom setup k6`) to run --script",
        );
      }
      if (target === null) throw InputError.option("no target", "Give --target URL");
      return {
        totalMs: plan.totalMs,
        maxUsers: plan.maxUsers,
        memoryBytes: null,
        run: () => runEmbedded({ journey, plan, target, order, version }),
      };
    },
  };
}
