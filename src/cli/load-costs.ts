import type { Journey } from "../../scenarios/lib/journey.ts";
import type { LoadPlan } from "../../scenarios/lib/load.ts";
import { InputError } from "../model/problem.ts";
import { formatNumber } from "../model/unit.ts";
import { exceededLimits, type Spend, spendOf } from "../systems/load-limits.ts";
import type { Greeting } from "./greet-target.ts";
import type { Terminal } from "./terminal.ts";

export interface CostOptions {
  /** Load that costs money may be made. */
  readonly allowSpend?: boolean;
}

/**
 * What a load costs its operators, before it is made: money where answers cost some, and limits on one client that it
 * exceeds. One that costs more than the journey lets pass unasked is refused, unless it is allowed to or the target is a
 * stand-in of ours, which spends nothing.
 */
export function requireCosts(
  { journey, plan }: { readonly journey: Journey | null; readonly plan: LoadPlan | null },
  { isTestbed }: Greeting,
  { allowSpend = false }: CostOptions,
  terminal: Terminal,
): void {
  if (journey === null || plan === null || isTestbed) return;
  const spend = spendOf(journey, plan);
  const limits = exceededLimits(journey, plan);
  for (const { endpoint, perMinute, limit, why } of limits)
    terminal.note(
      `${endpoint ?? "all requests"}: up to ${formatNumber(perMinute)}/min from this address, where one client may send ${formatNumber(limit)}/min: exempt it, or the run measures the limiter. ${why}`,
    );
  if (spend === null) return;
  terminal.note(`this load spends ${describeSpend(spend)}. ${spend.why}`);
  if (spend.usd > spend.unaskedUsd && !allowSpend)
    throw InputError.option(
      `the load spends ${describeSpend(spend)}; more than ${formatNumber(spend.unaskedUsd)} USD are not spent unasked`,
      "Say --allow-spend if that is meant, make the load smaller (--load-scale, --duration), or load a stand-in (headroom testbed)",
    );
}

const describeSpend = ({ usd, requests }: Spend) =>
  `about ${formatNumber(usd)} USD: ${requests.map(({ endpoint, count, usdEach }) => `${formatNumber(count)} × ${endpoint} at ${formatNumber(usdEach)} USD`).join(", ")}`;
