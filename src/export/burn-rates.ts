import type { Objective } from "../model/alerting.ts";
import { formatQuantity } from "../model/unit.ts";
import { nameOf } from "./alert-name.ts";

/**
 * Windows and rates of the Google SRE workbook ("Alerting on SLOs", multiwindow, multi-burn-rate), for a budget of 30
 * days. The long window says that it matters, the short one that it still goes on. A rate of 14.4 over an hour is 2% of
 * the budget, 6 over six hours 5%, 3 over a day and 1 over three days 10%.
 */
const PAGE = [
  { long: "1h", short: "5m", rate: 14.4 },
  { long: "6h", short: "30m", rate: 6 },
] as const;
const TICKET = [
  { long: "1d", short: "2h", rate: 3 },
  { long: "3d", short: "6h", rate: 1 },
] as const;

/** Two alerts of an objective, one that wakes somebody and one that waits for the morning, and its silence. */
export function burnRates(system: string, objective: Objective) {
  const { id, objective: good, bad, why } = objective;
  const budget = 1 - good;
  const over = (window: string) => `(${bad.replaceAll("$window", window)})`;
  const limit = (rate: number) => Number((rate * budget).toPrecision(6));
  const burns = (pairs: typeof PAGE | typeof TICKET) =>
    pairs
      .map(({ long, short, rate }) => `(${over(long)} > ${limit(rate)} and ${over(short)} > ${limit(rate)})`)
      .join(" or ");
  const goal = formatQuantity(good, "ratio");
  const rule = (kind: "Page" | "Ticket", severity: string, pairs: typeof PAGE | typeof TICKET) => ({
    alert: nameOf(system, id, "Burn", kind),
    expr: burns(pairs),
    labels: { severity, system, objective: id },
    annotations: {
      summary: `${system}: ${id} burns its error budget ${pairs.map(({ rate, long }) => `${rate} times too fast over ${long}`).join(", or ")}`,
      description: `${goal} over 30 days leave ${formatQuantity(budget, "ratio")} for failures. ${why}`,
    },
  });
  return [
    rule("Page", "critical", PAGE),
    rule("Ticket", "warning", TICKET),
    {
      alert: nameOf(system, id, "Burn", "NoData"),
      expr: `absent(${over("5m")})`,
      for: "15m",
      labels: { severity: "warning", system, objective: id },
      annotations: {
        summary: `${system}: nothing is known of ${id}`,
        description: `The query of the objective has returned nothing for 15 minutes: its budget may burn unseen.`,
      },
    },
  ];
}
