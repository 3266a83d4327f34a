import { describeAssumption } from "../../model/assumption.ts";
import type { ForecastDemand } from "../../model/forecast-demand.ts";
import { type DataQuality, isForecast, isSized, type Plan } from "../../model/plan.ts";
import type { SizingLine } from "../../model/sizing-line.ts";
import { counted, formatNumber, formatQuantity, type Unit } from "../../model/unit.ts";
import { compareUrgency, evidenceOf } from "../../model/urgency.ts";

/** Sentences and cells that every plan reporter shares. */

/** Lines in the order they matter: the strongest evidence first, within it what runs out first. */
export function rankedLines({ sizing, tightest }: Plan): SizingLine[] {
  return sizing
    .filter(isSized)
    .sort((a, b) => (a.resource === tightest ? -1 : b.resource === tightest ? 1 : compareUrgency(a, b)));
}

/** What to do, in one sentence. Only what is observed or forecast is called short. */
export function planSentence(plan: Plan): string {
  const line = plan.sizing.filter(isSized).find(({ resource }) => resource === plan.tightest);
  if (line === undefined) return "nothing could be sized: see the reasons below";
  const evidence = evidenceOf(line);
  if (evidence === "observed")
    return `${line.resource} is short: the busiest day of the last week needed more than there is (${line.bottleneck}); ${actionOf(line, plan)}`;
  if (evidence === "forecast") {
    return `${line.resource} ${whenWords(line, plan)} (${line.bottleneck}); ${actionOf(line, plan)}`;
  }
  const others = plan.sizing.filter(isSized).filter((one) => one.latent.length > 0);
  const latent =
    others.length === 0
      ? ""
      : `; what could happen: ${others.map(({ resource }) => resource).join(", ")}, see below`;
  return `nothing runs out within ${plan.horizonDays} days; ${line.resource} is the tightest${latent}`;
}

/** When a line runs out by its forecast, and with what chance. */
function whenWords(line: SizingLine, { horizonDays }: Plan): string {
  const { early, likely, isOpen } = line.runsOut ?? { early: null, likely: null, isOpen: false };
  const chance = line.runsOutChance === null ? "" : ` with a chance of ${chanceCell(line)}`;
  if (isOpen) return `may run out any day or never,${chance} within ${horizonDays} days: no date says more`;
  if (likely === null) return `may run out as early as ${early}${chance === "" ? "" : `,${chance} in all`}`;
  return likely === early ? `runs out about ${likely}` : `runs out about ${likely}, ${early} at the earliest`;
}

/** Days of running out; where the interval reaches from now to never no date is given. */
export function runsOutCells({ runsOut }: SizingLine): { early: string; likely: string; late: string } {
  if (runsOut?.isOpen) return { early: "any day", likely: "–", late: "never" };
  return {
    early: dateCell(runsOut?.early),
    likely: dateCell(runsOut?.likely),
    late: dateCell(runsOut?.late),
  };
}

/** "23%": the chance of running out within the horizon. */
export function chanceCell({ runsOutChance }: SizingLine): string {
  if (runsOutChance === null) return "–";
  const percent = Math.round(100 * runsOutChance);
  return percent === 0 && runsOutChance > 0
    ? "< 1%"
    : percent === 100 && runsOutChance < 1
      ? "> 99%"
      : `${percent}%`;
}

/** What an incident that was left out would need if it came again. */
export function incidentSentence({ ifAgain, unit }: SizingLine): string | null {
  if (ifAgain === null) return null;
  const { signal, day, change, need, holds } = ifAgain;
  const verdict =
    holds === null ? "" : holds ? ": what is there holds it" : ": what is there does not hold it";
  return `if the incident of ${day} (${signal} ${formatNumber(change * 100)}% above its usual) came again at the horizon, ${formatNumber(need)} ${unit} would be needed${verdict}`;
}

/** Headlines of the demands that are to be trusted less. */
export const cautionSentences = ({ demands }: Plan): string[] =>
  demands.filter(isForecast).flatMap(({ signal, cautions }) => cautions.map((text) => `${signal}: ${text}`));

/** "order 5 instances by 2026-12-01". */
function actionOf(line: SizingLine, plan: Plan): string {
  const when = line.orderBy === null || line.orderBy <= plan.asOf.slice(0, 10) ? "now" : `by ${line.orderBy}`;
  return `go to ${recommendedCell(line)} ${when}`;
}

/** "observed": what the line rests on where what is there does not suffice. */
export const evidenceCell = (line: SizingLine): string => evidenceOf(line) ?? "–";

/** "p90 instead of the likely demand × 1.09, 70% in use × 1.43, 1 to spare × 1.2: × 1.87 in all". */
export function marginsSentence({ margins }: SizingLine): string | null {
  if (margins.length === 0) return null;
  const product = margins.reduce((all, { factor }) => all * factor, 1);
  const chain = margins.map(({ name, factor }) => `${name} × ${formatNumber(factor)}`).join(", ");
  return `margins from the likely demand to the recommendation: ${chain}: × ${formatNumber(product)} in all`;
}

/** What can happen and its cures, the cheapest first, a sentence each. */
export const latentSentences = ({ latent }: SizingLine): string[] =>
  latent.map(({ what, cures }) => `it can happen: ${what}. Cheapest first: ${cures.join("; or ")}`);

/** Every sentence of a line's argument. */
export function argumentSentences(line: SizingLine): string[] {
  const margins = marginsSentence(line);
  const incident = incidentSentence(line);
  return [
    ...line.why,
    ...(incident === null ? [] : [incident]),
    ...(margins === null ? [] : [margins]),
    ...(line.placement ? [line.placement.why] : []),
    ...(line.container?.why ?? []),
  ];
}

/** "3 to 10 (db.t3.large)": what runs, and up to where it grows by itself. */
export function currentCell({ current, currentName, growsTo }: SizingLine): string {
  if (current === null) return "not said";
  const range =
    growsTo === null || growsTo === current
      ? formatNumber(current)
      : `${formatNumber(current)} to ${formatNumber(growsTo)}`;
  return currentName === null ? range : `${range} (${currentName})`;
}

export const needCell = ({ need }: SizingLine): string =>
  formatNumber(need.p50) === formatNumber(need.p90)
    ? formatNumber(need.p90)
    : `${formatNumber(need.p50)}–${formatNumber(need.p90)}`;

export const recommendedCell = ({ recommended, recommendedName, unit }: SizingLine): string =>
  recommendedName === null
    ? `${formatNumber(recommended)} ${unit}`
    : `${formatNumber(recommended)} ${unit} (${recommendedName})`;

export function changeCell({ change }: SizingLine): string {
  if (change === null) return "–";
  return change > 0 ? `+${formatNumber(change)}` : change < 0 ? `−${formatNumber(-change)}` : "=";
}

export const dateCell = (date: string | null | undefined): string => date ?? "–";

export const capacityCell = ({ capacity }: SizingLine): string =>
  `${formatNumber(capacity.value)} ${capacity.unit} (${capacity.source})`;

export function operatorsCell(rule: SizingLine["operatorsRule"]): string {
  return rule === null || rule.value === null ? "–" : formatNumber(rule.value);
}

export const quantityOf = (value: number, unit: string): string => formatQuantity(value, unit as Unit);

export function growthCell({ growthPer30Days }: ForecastDemand): string {
  const percent = growthPer30Days * 100;
  return `${percent >= 0 ? "+" : "−"}${formatNumber(Math.abs(percent))}%`;
}

/** "97.2% of the points, 3 gaps, 2 counter resets", or null where there is nothing to say. */
export function qualitySentence({ coverage, days, gaps, resets, truncated }: DataQuality): string {
  return [
    `${(Math.floor(coverage * 1000) / 10).toFixed(1)}% of the points${days === null ? "" : ` over ${counted(days, "day")}`}`,
    ...(gaps > 0 ? [counted(gaps, "gap")] : []),
    ...(resets === null ? ["counter resets unknown"] : resets > 0 ? [counted(resets, "counter reset")] : []),
    ...(truncated ? ["TRUNCATED"] : []),
  ].join(", ");
}

/** What was found in the data, each kind once with the signals it was found in: a person skims this. */
export function groupedQuality({ dataQuality }: Plan): string[] {
  const groups = new Map<string, string[]>();
  const add = (text: string, signal: string) => groups.set(text, [...(groups.get(text) ?? []), signal]);
  for (const quality of dataQuality) {
    add(qualitySentence(quality), quality.signal);
    // The size of an incident differs from signal to signal; plan.md has each.
    for (const warning of quality.warnings) add(warning.replace(/ \([+-]\d+%[^)]*\)/, ""), quality.signal);
  }
  return [...groups].map(
    ([text, signals]) =>
      `${signals.length === dataQuality.length ? "all signals" : signals.join(", ")}: ${text}`,
  );
}

/** What the plan rests on beside its data; null: nothing that is only assumed. */
export function assumptionSentence({ assumptions }: Plan): string | null {
  if (assumptions.length === 0) return null;
  return `assumed, because no document of the operators says it: ${assumptions.map(describeAssumption).join("; ")}`;
}

/** Everything the plan could not do, a sentence each. */
export function refusals({ demands, sizing }: Plan): string[] {
  return [
    ...demands.flatMap((demand) =>
      isForecast(demand) ? [] : [`${demand.signal} is not forecast: ${demand.refused}`],
    ),
    ...sizing.flatMap((line) => (isSized(line) ? [] : [`${line.resource} is not sized: ${line.refused}`])),
  ];
}

/** "what if: instances 5, pool 10". */
export const whatIfSentence = (whatIf: NonNullable<Plan["whatIf"]>): string =>
  `what if: ${Object.entries(whatIf)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ")}`;
