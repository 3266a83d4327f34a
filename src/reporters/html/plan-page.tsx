import type { JSX } from "preact";
import { isForecast, type Plan } from "../../model/plan.ts";
import type { SizingLine } from "../../model/sizing-line.ts";
import { formatNumber } from "../../model/unit.ts";
import { evidenceOf, isShort } from "../../model/urgency.ts";
import { backtestSentence } from "../plan/trust.ts";
import {
  argumentSentences,
  assumptionSentence,
  capacityCell,
  cautionSentences,
  chanceCell,
  changeCell,
  currentCell,
  dateCell,
  evidenceCell,
  groupedQuality,
  growthCell,
  latentSentences,
  needCell,
  operatorsCell,
  planSentence,
  quantityOf,
  rankedLines,
  recommendedCell,
  refusals,
  runsOutCells,
} from "../plan/words.ts";
import { demandCharts, lastForecastCharts } from "./demand-charts.ts";
import { clean, Figure, renderPage, Table } from "./page.tsx";

/** A plan's report.html. */
export function renderPlanPage(plan: Plan): string {
  const lines = rankedLines(plan);
  const charts = demandCharts(plan, lines);
  const before = lastForecastCharts(plan, lines);
  const status = lines.some(isShort) ? "fail" : lines.length > 0 ? "pass" : "inconclusive";
  const warnings = lines.flatMap((line) =>
    [...line.warnings, ...latentSentences(line)].map((text) => ({ resource: line.resource, text })),
  );
  const cautions = cautionSentences(plan);
  const headline = lines.some((line) => evidenceOf(line) === "observed") ? "SHORT" : HEADLINES[status];
  return renderPage({
    title: `Capacity plan: ${plan.system}`,
    charts: [...charts, ...before],
    children: (
      <>
        <header>
          <h1>{clean(plan.system)} · capacity plan</h1>
          <p class="about">
            as of {plan.asOf.slice(0, 10)}, {plan.horizonDays} days ahead, lead time{" "}
            {formatNumber(plan.leadTimeDays)} days · history from {clean(plan.source)}
          </p>
          <section class={`verdict ${status}`} aria-label="What to do">
            <strong>{headline}</strong> {clean(planSentence(plan))}
            {cautions.length + warnings.length + refusals(plan).length > 0 && (
              <ul>
                {cautions.map((text) => (
                  <li>
                    <b>caution:</b> {clean(text)}
                  </li>
                ))}
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
            Chance: share of the simulated courses of demand that pass today's size within the horizon. Early,
            likely, late: the day by which one, five and nine in ten have passed it; the recommendation is for
            p90 of the highest day. Evidence: observed (the last week needed more than there is), forecast
            (the demand will), latent (it can happen), rule (the operators' document says so, no measurement
            does).
          </p>
          <h2>Demand</h2>
          <div class="charts">
            {charts.map((chart) => (
              <Figure chart={chart} />
            ))}
          </div>
          <Demands plan={plan} />
          {before.length > 0 && (
            <>
              <h3>The last forecast, and what came</h3>
              <div class="charts small">
                {before.map((chart) => (
                  <Figure chart={chart} />
                ))}
              </div>
            </>
          )}
          <h2>Data</h2>
          <ul>
            {[assumptionSentence(plan) ?? [], ...groupedQuality(plan)].flat().map((sentence) => (
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
        { name: "Evidence" },
        { name: "Need p50–p90", isNumber: true },
        { name: "Chance", isNumber: true },
        { name: "Runs out", isNumber: true },
        { name: "Order by", isNumber: true },
      ]}
      rows={lines.map((line) => ({
        cells: [
          <b>{clean(line.resource)}</b>,
          clean(currentCell(line)),
          clean(recommendedCell(line)),
          <Change line={line} />,
          evidenceCell(line),
          needCell(line),
          chanceCell(line),
          <RunsOut line={line} />,
          dateCell(line.orderBy),
        ],
        below: (
          <details>
            <summary>
              why: limited by {clean(line.bottleneck)}, capacity {clean(capacityCell(line))}
            </summary>
            <ul>
              {argumentSentences(line).map((reason) => (
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

/** Three dates below one another: side by side they are wider than a page of paper. */
function RunsOut({ line }: { line: SizingLine }): JSX.Element {
  const dates = Object.entries(runsOutCells(line)).filter(([, date]) => date !== "–");
  if (dates.length === 0) return <>–</>;
  return (
    <>
      {dates.map(([name, date]) => (
        <div>
          {name} {date}
        </div>
      ))}
    </>
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
        ...["Now", "p10", "p50", "p90", "Organic p50", "Per 30 days", "Operators' rule"].map((name) => ({
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
