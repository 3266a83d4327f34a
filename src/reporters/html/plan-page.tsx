import type { JSX } from "preact";
import {
  type DemandSeries,
  dayAfter,
  type ForecastDemand,
  isForecast,
  isSized,
  type Plan,
  type SizingLine,
} from "../../model/plan.ts";
import { formatNumber } from "../../model/unit.ts";
import {
  backtestSentence,
  capacityCell,
  changeCell,
  currentCell,
  dateCell,
  groupedQuality,
  growthCell,
  needCell,
  operatorsCell,
  planSentence,
  quantityOf,
  rankedLines,
  recommendedCell,
  refusals,
} from "../plan/words.ts";
import { type Chart, type ChartUnit, inReadableUnit, type Moment } from "./chart.ts";
import { clean, Figure, renderPage, Table } from "./page.tsx";

/** A plan's report.html. */
export function renderPlanPage(plan: Plan): string {
  const lines = rankedLines(plan);
  const charts = demandCharts(plan, lines);
  const status = lines.some(({ runsOut }) => runsOut !== null)
    ? "fail"
    : lines.length > 0
      ? "pass"
      : "inconclusive";
  const warnings = lines.flatMap(({ resource, warnings }) => warnings.map((text) => ({ resource, text })));
  return renderPage({
    title: `Capacity plan: ${plan.system}`,
    charts,
    children: (
      <>
        <header>
          <h1>{clean(plan.system)} · capacity plan</h1>
          <p class="about">
            as of {plan.asOf.slice(0, 10)}, {plan.horizonDays} days ahead, lead time{" "}
            {formatNumber(plan.leadTimeDays)} days · history from {clean(plan.source)}
          </p>
          <section class={`verdict ${status}`} aria-label="What to do">
            <strong>{HEADLINES[status]}</strong> {clean(planSentence(plan))}
            {(warnings.length > 0 || refusals(plan).length > 0) && (
              <ul>
                {warnings.map(({ resource, text }) => (
                  <li>
                    <b>{clean(resource)}:</b> {clean(text)}
                  </li>
                ))}
                {refusals(plan).map((text) => (
                  <li>{clean(text)}</li>
                ))}
              </ul>
            )}
          </section>
        </header>
        <main id="main">
          <h2>What to buy</h2>
          <Sizing lines={lines} />
          <p class="note">
            Early, likely, late: the day on which today's size no longer suffices at p90, p50 and p10 of the
            forecast; the recommendation is for p90. Their rule: what the operators' own arithmetic gives.
          </p>
          <h2>Demand</h2>
          <div class="charts">
            {charts.map((chart) => (
              <Figure chart={chart} />
            ))}
          </div>
          <Demands plan={plan} />
          <h2>Data</h2>
          <ul>
            {groupedQuality(plan).map((sentence) => (
              <li>{clean(sentence)}</li>
            ))}
          </ul>
        </main>
        <footer>The same history gives the same plan. Methods and sources: docs/methods.md.</footer>
      </>
    ),
  });
}

const HEADLINES = { fail: "RUNS OUT", pass: "ENOUGH", inconclusive: "NOT SIZED" } as const;

function Sizing({ lines }: { lines: readonly SizingLine[] }): JSX.Element {
  return (
    <Table
      caption="The tightest resource first"
      columns={[
        { name: "Resource" },
        { name: "Today" },
        { name: "Recommended" },
        { name: "Change", isNumber: true },
        { name: "Need p50–p90", isNumber: true },
        { name: "Early", isNumber: true },
        { name: "Likely", isNumber: true },
        { name: "Late", isNumber: true },
        { name: "Order by", isNumber: true },
        { name: "Their rule", isNumber: true },
      ]}
      rows={lines.map((line) => ({
        cells: [
          <b>{clean(line.resource)}</b>,
          clean(currentCell(line)),
          clean(recommendedCell(line)),
          <Change line={line} />,
          needCell(line),
          dateCell(line.runsOut?.early),
          dateCell(line.runsOut?.likely),
          dateCell(line.runsOut?.late),
          dateCell(line.orderBy),
          operatorsCell(line.operatorsRule),
        ],
        below: (
          <details>
            <summary>
              why: limited by {clean(line.bottleneck)}, capacity {clean(capacityCell(line))}
            </summary>
            <ul>
              {line.why.map((reason) => (
                <li>{clean(reason)}</li>
              ))}
              {line.operatorsRule !== null && (
                <li>
                  the operators' rule: {clean(line.operatorsRule.formula)} →{" "}
                  {operatorsCell(line.operatorsRule)}
                </li>
              )}
            </ul>
          </details>
        ),
      }))}
    />
  );
}

function Change({ line }: { line: SizingLine }): JSX.Element {
  const { change } = line;
  if (change === null || change === 0) return <span>{changeCell(line)}</span>;
  return (
    <span class={`mark ${change > 0 ? "fail" : "pass"}`}>
      {change > 0 ? "▲" : "▼"} {changeCell(line)}
    </span>
  );
}

function Demands({ plan }: { plan: Plan }): JSX.Element {
  return (
    <Table
      caption="Busy hour of the busiest day of the horizon's last week"
      columns={[
        { name: "Demand" },
        ...["Now", "p10", "p50", "p90", "Organic p50", "Per 30 days", "Their rule"].map((name) => ({
          name,
          isNumber: true,
        })),
      ]}
      rows={plan.demands.filter(isForecast).map((demand) => {
        const shown = (value: number) => quantityOf(value, demand.unit);
        return {
          cells: [
            clean(demand.signal),
            shown(demand.now),
            shown(demand.atHorizon.p10),
            shown(demand.atHorizon.p50),
            shown(demand.atHorizon.p90),
            shown(demand.organic.p50),
            growthCell(demand),
            demand.operatorsRule?.value == null ? "–" : shown(demand.operatorsRule.value),
          ],
          below: `${clean(demand.method)}; ${clean(backtestSentence(demand))}`,
        };
      })}
    />
  );
}

/** One picture per demand; those that what is tightest depends on come first. */
function demandCharts(plan: Plan, lines: readonly SizingLine[]): Chart[] {
  const order = lines.flatMap(({ ceilings }) => ceilings.map(({ signal }) => signal));
  const rank = ({ signal }: DemandSeries) => (order.includes(signal) ? order.indexOf(signal) : order.length);
  return plan.series
    .filter(({ seen }) => seen.length > 0)
    .sort((a, b) => rank(a) - rank(b))
    .map((series, index) => inReadableUnit(demandChart(series, index, plan, lines)));
}

function demandChart(series: DemandSeries, index: number, plan: Plan, lines: readonly SizingLine[]): Chart {
  const { signal, unit, firstDay, seen, p10, p50, p90 } = series;
  const day = (name: string) => Date.parse(name) / 1000;
  const row = plan.demands.filter(isForecast).find((demand) => demand.signal === signal);
  const ceiling = lowestCeiling(signal, lines);
  const highest = [...seen, ...p90].reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const isInSight = ceiling !== null && ceiling.level <= 2.5 * highest;
  return {
    id: `demand-${index}`,
    title: signal,
    x: { kind: "day", label: "day", values: seen.map((_, at) => day(dayAfter(firstDay, at))) },
    y: { label: signal, unit: unit as ChartUnit },
    series: [
      { name: "busy hour", shape: "line", tone: "first", values: seen },
      { name: "p10–p90", shape: "range", tone: "third", values: p10 },
      { name: "p90", shape: "range-end", tone: "third", values: p90 },
      { name: "p50", shape: "dashed", tone: "third", values: p50 },
    ],
    spans: [],
    levels:
      ceiling !== null && isInSight
        ? [{ value: ceiling.level, name: `today's ${ceiling.resource} suffices up to here`, tone: "bad" }]
        : [],
    moments: [...eventsOf(row), ...runOutOf(ceiling, lines)],
    ...(ceiling !== null && !isInSight
      ? {
          note: `Today's ${ceiling.resource} suffices up to ${quantityOf(ceiling.level, unit)}, above the picture.`,
        }
      : {}),
  };
}

interface Ceiling {
  readonly resource: string;
  readonly level: number;
}

function lowestCeiling(signal: string, lines: readonly SizingLine[]): Ceiling | null {
  const found = lines.flatMap(({ resource, ceilings }) =>
    ceilings.filter((ceiling) => ceiling.signal === signal).map(({ level }) => ({ resource, level })),
  );
  return found.sort((a, b) => a.level - b.level)[0] ?? null;
}

function eventsOf(row: ForecastDemand | undefined): Moment[] {
  return (row?.added ?? []).flatMap(({ name, from }) =>
    from === null ? [] : [{ at: Date.parse(from) / 1000, name, tone: "second" as const }],
  );
}

function runOutOf(ceiling: Ceiling | null, lines: readonly SizingLine[]): Moment[] {
  const line = lines.filter(isSized).find(({ resource }) => resource === ceiling?.resource);
  const date = line?.runsOut?.likely ?? line?.runsOut?.early ?? null;
  return date === null ? [] : [{ at: Date.parse(date) / 1000, name: `runs out ${date}`, tone: "bad" }];
}
