import type { JSX } from "preact";
import type { GateReport } from "../report.ts";
import { engineNote, engineWords, formatSeconds, HEADLINES, summarySentence } from "../words.ts";
import { clean, Figure, renderPage } from "./page.tsx";
import { Answers, Circumstances, ComparedWith, Criteria, Endpoints } from "./run-tables.tsx";
import { timelineCharts, timelineEndpoints, withSla } from "./timeline.ts";

/** A run's report.html. */
export function renderRunPage(report: GateReport): string {
  const { run, verdict, comparison = null } = report;
  const charts = withSla(timelineCharts(run), verdict.criteria);
  const title = `${HEADLINES[verdict.status]}: ${verdict.system}, ${verdict.scenario}`;
  return renderPage({
    title,
    charts,
    children: (
      <>
        <header>
          <h1>
            {clean(verdict.system)} · {clean(verdict.scenario)}
          </h1>
          <p class="about">
            {clean(run.asked.target ?? "no target named")} · {run.startedAt.replace("T", " ").slice(0, 19)}{" "}
            UTC · {formatSeconds(run.evidence.durationMs)} · {clean(engineWords(run.engine))}
          </p>
          <VerdictBox {...report} />
        </header>
        <main id="main">
          <h2>Criteria</h2>
          <Criteria criteria={verdict.criteria} />
          {comparison !== null && <ComparedWith comparison={comparison} />}
          <h2>Course of the run</h2>
          {charts.length === 0 && <p>Nothing was recorded second by second.</p>}
          <EndpointChoice endpoints={timelineEndpoints(run)} />
          <div class="charts">
            {charts.map((chart) => (
              <Figure chart={chart} />
            ))}
          </div>
          <h2>Endpoints</h2>
          <Endpoints {...report} />
          <Answers {...report} />
          <Circumstances {...report} />
        </main>
        <footer>
          Headroom {clean(run.environment.headroom)} · run {clean(run.id)}
        </footer>
      </>
    ),
  });
}

function VerdictBox(report: GateReport): JSX.Element {
  const { run, verdict } = report;
  const notices = [engineNote(run), ...verdict.notices].filter((notice) => notice !== null);
  return (
    <section class={`verdict ${verdict.status}`} aria-label="Verdict">
      <strong>{HEADLINES[verdict.status]}</strong> {clean(summarySentence(report))}
      {verdict.reasons.length > 0 && (
        <ul>
          {verdict.reasons.map(({ message, remedy }) => (
            <li>
              <b>{clean(message)}.</b> {clean(remedy)}
            </li>
          ))}
        </ul>
      )}
      {notices.map((notice) => (
        <p class="note">{clean(notice)}</p>
      ))}
    </section>
  );
}

function EndpointChoice({ endpoints }: { endpoints: readonly string[] }): JSX.Element | null {
  if (endpoints.length === 0) return null;
  return (
    <p class="no-script-hide">
      <label>
        Show{" "}
        <select data-variant="endpoint">
          <option value="">all requests</option>
          {endpoints.map((endpoint) => (
            <option value={clean(endpoint)}>{clean(endpoint)}</option>
          ))}
        </select>
      </label>
    </p>
  );
}
