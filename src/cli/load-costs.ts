import axios from "axios";
import type { Journey } from "../../scenarios/lib/journey.ts";
import type { LoadPlan } from "../../scenarios/lib/load.ts";
import { InputError } from "../model/problem.ts";
import { formatNumber } from "../model/unit.ts";
import { exceededLimits, type Spend, spendOf } from "../systems/load-limits.ts";
import { TESTBED } from "../testbed/serve.ts";
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
export async function requireCosts(
  { journey, plan, target }: { journey: Journey | null; plan: LoadPlan | null; target: string | null },
  { allowSpend = false }: CostOptions,
  terminal: Terminal,
): Promise<void> {
  if (journey === null || plan === null || target === null) return;
  const spend = spendOf(journey, plan);
  const limits = exceededLimits(journey, plan);
  if ((spend === null && limits.length === 0) || (await isTestbed(target))) return;
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

/** A stand-in says in each answer what it is. */
async function isTestbed(target: string): Promise<boolean> {
  try {
    const { headers } = await axios.get(target, {
      timeout: 10_000,
      validateStatus: () => true,
      maxRedirects: 0,
      maxContentLength: 1_000_000,
    });
    return headers.server === TESTBED;
  } catch {
    return false; // what does not answer is no stand-in; that nothing answers is told elsewhere
  }
}
