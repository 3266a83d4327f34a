import { join } from "node:path";
import { isWithoutInformation } from "../../../scenarios/lib/answers.ts";
import { allSteps, type Step } from "../../../scenarios/lib/journey.ts";
import { farRanges } from "../../model/address.ts";
import { packageRoot } from "../../systems/find-root.ts";
import type { Engine, LoadOrder, PreparedLoad } from "../engine.ts";
import { bundleScript } from "./bundle.ts";
import type { K6 } from "./find-k6.ts";
import { estimateMemory } from "./memory.ts";
import { preflight } from "./preflight.ts";
import { runK6 } from "./run-k6.ts";
import {
  compileCriteria,
  joinThresholds,
  type K6Thresholds,
  keepBreakdown,
  keepCounts,
  keepExpectedErrors,
  keepHosts,
  keepLimited,
  keepRedirects,
  TREND_STATS,
} from "./thresholds.ts";

/** The k6 engine: the script is bundled, loaded once under a timeout, then run with recording. */
export function k6Engine(k6: K6): Engine {
  return {
    name: "k6",
    version: k6.version,
    async prepare(order: LoadOrder): Promise<PreparedLoad> {
      const summary = join(order.folder, "k6-summary.json");
      const bundle = await bundleScript(
        order.script,
        join(packageRoot(), "scenarios", "lib"),
        {
          thresholds: thresholdsFor(order),
          summaryTrendStats: TREND_STATS,
          blacklistIPs: farRanges(order.reach.addresses),
          // Addresses that were checked by their number: k6 looks a name up once, where it would again after 5 minutes.
          ...(order.reach.addresses.length === 0 ? {} : { dns: { ttl: "inf" } }),
        },
        summary,
        order.journey === null,
      );
      const inspected = await preflight(k6, bundle, order);
      const totalMs = order.plan?.totalMs ?? inspected.totalMs;
      return {
        totalMs,
        maxUsers: inspected.maxUsers,
        memoryBytes: order.plan === null ? null : estimateMemory(order.plan),
        run: () => runK6(k6, bundle, order, { summary, totalMs, endsWithinMs: inspected.endsWithinMs }),
      };
    },
  };
}

/** Everything k6 is told to judge or to keep apart: the summary holds these submetrics and no other. */
export function thresholdsFor(order: Pick<LoadOrder, "criteria" | "journey" | "plan">): K6Thresholds {
  return joinThresholds(
    compileCriteria(order.criteria),
    keepBreakdown(endpointsOf(order), order.plan),
    keepCounts(),
    keepExpectedErrors(endpointsOf(order, hasExpectedErrors)),
    keepRedirects(endpointsOf(order)),
    order.journey === null ? keepHosts() : {},
    order.journey === null || order.plan === null ? {} : keepLimited(order.plan),
  );
}

function endpointsOf(
  { journey }: Pick<LoadOrder, "journey">,
  isMeant: (step: Step) => boolean = () => true,
): string[] {
  if (journey === null) return [];
  return allSteps(journey)
    .filter(isMeant)
    .map(({ endpoint }) => endpoint);
}

const hasExpectedErrors = (step: Step) =>
  (step.expect ?? []).some((status) => isWithoutInformation(step, status));
