import { stringify } from "yaml";
import type { Alerting, OperatorsAlert } from "../model/alerting.ts";
import { formatStatistic, type Operator, type ServerCriterion } from "../model/criterion.ts";
import { formatQuantity, type Unit } from "../model/unit.ts";
import { nameOf } from "./alert-name.ts";
import { burnRates } from "./burn-rates.ts";

/** A demand that exhausts a resource when it passes a level. */
export interface Ceiling {
  readonly resource: string;
  readonly signal: string;
  readonly unit: Unit;
  /** PromQL; `$window` stands for the window of its rates. */
  readonly query: string;
  /** Up to here today's size suffices. */
  readonly level: number;
  readonly leadTimeDays: number;
  /** When the plan expected it, or that it did not. */
  readonly expected: string;
}

export interface AlertsInput {
  readonly system: string;
  readonly criteria: readonly ServerCriterion[];
  readonly ceilings: readonly Ceiling[];
  readonly alerting: Alerting;
}

/** Window of an alert's own rates: four scrapes of a minute and one to spare. */
const WINDOW = "5m";
/** A breach must last: long enough that a deployment or one bad scrape is none. */
const FOR = { gate: "5m", warn: "15m" } as const;
/** Below this share of a ceiling growth is no emergency, however steep it looks. */
const NEAR = 0.6;
const NEGATED: Record<Operator, string> = { "<=": ">", "<": ">=", ">=": "<", ">": "<=" };

/**
 * Prometheus alerting rules (a rule file for `rule_files`): the operators' own, those of the criteria that none of them
 * stands for, budgets that burn, silence, and exhaustion foreseen.
 */
export function renderAlerts({ system, criteria, ceilings, alerting }: AlertsInput): string {
  const { alerts, objectives } = alerting;
  const stoodFor = new Set(alerts.map(({ replaces }) => replaces));
  const own = criteria.filter(({ id }) => !stoodFor.has(id));
  const groups = [
    { name: `${system}-operators`, rules: alerts.map((alert) => asTheyAre(system, alert)) },
    { name: `${system}-sla`, rules: own.map((criterion) => breach(system, criterion)) },
    { name: `${system}-objectives`, rules: objectives.flatMap((one) => burnRates(system, one)) },
    { name: `${system}-no-data`, rules: criteria.map((criterion) => silence(system, criterion)) },
    {
      name: `${system}-exhaustion`,
      interval: "15m",
      rules: [...busyHours(system, ceilings), ...ceilings.flatMap((ceiling) => exhaustion(system, ceiling))],
    },
  ].filter(({ rules }) => rules.length > 0);
  const head = `# Made by \`headroom export alerts ${system}\` from its thresholds and its newest plan; make it again when they change.\n`;
  return head + stringify({ groups }, { lineWidth: 110 });
}

/** Their name, condition, patience and severity. */
function asTheyAre(
  system: string,
  { alert, expr, for: lasting, severity, labels, summary, why }: OperatorsAlert,
) {
  return {
    alert,
    expr,
    ...(lasting === null ? {} : { for: lasting }),
    labels: { severity, system, ...labels },
    annotations: { summary, description: why },
  };
}

function breach(system: string, criterion: ServerCriterion) {
  const { bound, unit, severity, id, why } = criterion;
  return {
    alert: nameOf(system, id),
    expr: `${overTime(criterion)} ${NEGATED[bound.operator]} ${bound.value}`,
    for: FOR[severity],
    labels: { severity: severity === "gate" ? "critical" : "warning", system, criterion: id },
    annotations: {
      summary: `${system}: ${id} is {{ $value | ${unit === "ratio" ? "humanizePercentage" : "humanize"} }}, allowed ${bound.operator} ${formatQuantity(bound.value, unit as Unit)}`,
      description: why,
    },
  };
}

/** What the criterion reduces its values to, over ten minutes; the worst by lasting, not by a single value. */
function overTime({ query, stat }: ServerCriterion): string {
  const expr = `(${windowed(query)})`;
  if (stat.kind === "avg") return `avg_over_time(${expr}[10m:1m])`;
  if (stat.kind === "quantile") return `quantile_over_time(${stat.q}, ${expr}[10m:1m])`;
  return expr;
}

/** Missing data is no pass, in an alert either. */
function silence(system: string, { id, query, stat }: ServerCriterion) {
  return {
    alert: `${nameOf(system, id)}NoData`,
    expr: `absent(${windowed(query)})`,
    for: "15m",
    labels: { severity: "warning", system, criterion: id },
    annotations: {
      summary: `${system}: nothing is known of ${id}`,
      description: `Its query (${formatStatistic(stat)}) has returned nothing for 15 minutes: the exporter, the scrape or the metric's name is gone, and its alert cannot fire.`,
    },
  };
}

/**
 * The level that a week's busy hours reach: its fifth busiest hour, so that an incident of an hour or two is none.
 * Rhythms of day and week are in every week alike, and what is left between two of them is growth; `predict_linear` over
 * raw values takes every morning for it (kubernetes-mixin #98).
 */
function busyHours(system: string, ceilings: readonly Ceiling[]) {
  const bySignal = new Map(ceilings.map((ceiling) => [ceiling.signal, ceiling]));
  return [...bySignal.values()].map(({ signal, query }) => ({
    record: BUSY_HOUR,
    expr: `quantile_over_time(0.97, avg_over_time((${windowed(query)})[1h:5m])[7d:1h])`,
    labels: { system, signal },
  }));
}

const BUSY_HOUR = "headroom:busy_hour:7d";

function exhaustion(system: string, ceiling: Ceiling) {
  const { resource, signal, unit, query, level, leadTimeDays, expected } = ceiling;
  const busy = `${BUSY_HOUR}{system="${system}",signal="${signal}"}`;
  const growth = `clamp_min(${busy} - ${busy} offset 4w, 0) / 28`;
  const limit = formatQuantity(level, unit);
  return [
    {
      alert: `${nameOf(system, resource, signal)}RunsOut`,
      expr: `${busy} + ${growth} * ${leadTimeDays} > ${level} and ${busy} > ${Number((NEAR * level).toPrecision(6))}`,
      for: "1d",
      labels: { severity: "warning", system, resource },
      annotations: {
        summary: `${system}: ${resource} runs out within its lead time of ${leadTimeDays} days`,
        description: `The week's busy hours of ${signal} and four weeks' growth carried on reach ${limit}, up to which today's ${resource} suffices. Order now. ${expected}`,
      },
    },
    {
      alert: `${nameOf(system, resource, signal)}Exhausted`,
      expr: `avg_over_time((${windowed(query)})[1h:5m]) > ${level}`,
      for: "15m",
      labels: { severity: "critical", system, resource },
      annotations: {
        summary: `${system}: ${resource} is too small for this hour of ${signal}`,
        description: `The hour's mean is above ${limit}, up to which today's ${resource} suffices. ${expected}`,
      },
    },
  ];
}

const windowed = (query: string) => query.replaceAll("$window", WINDOW);
