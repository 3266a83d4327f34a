import { existsSync } from "node:fs";
import { stringify } from "csv-stringify/sync";
import { InputError, messageOf } from "../../model/problem.ts";
import { formatQuantity } from "../../model/unit.ts";
import {
  daily,
  type HeldOut,
  HIGH,
  LOW,
  race,
  backtest as runBacktest,
  type ScoredForecast,
} from "../../planner/backtest.ts";
import { busyHours } from "../../planner/demand/busy-hour.ts";
import { filled } from "../../planner/forecast/daily-series.ts";
import { loadProfile } from "../../planner/profile/load-profile.ts";
import { type NamedSeries, parseSeriesCsv } from "../../planner/series-csv.ts";
import { table } from "../../reporters/table.ts";
import { findRoot } from "../../systems/find-root.ts";
import { listSystems } from "../../systems/list-systems.ts";
import { type HistoryOptions, obtainHistory } from "../plan-inputs.ts";
import { readText } from "../read-text.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { writeWhole } from "../write-files.ts";

/** What a quarter of history can hold out and still be forecast from. */
const DEFAULT_DAYS = 28;
/** More series than this are summed up. */
const MOST_ROWS = 20;

interface BacktestOptions extends CommonOptions, HistoryOptions {
  readonly train?: string;
  readonly test?: string;
  readonly season: number[];
  readonly horizon?: number;
  readonly forecasts?: string;
}

/** `headroom backtest`: how well would the forecast have done. */
export async function backtest(subject: string | undefined, options: BacktestOptions): Promise<void> {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  const isSystem = subject !== undefined && listSystems(root).includes(subject);
  if (subject !== undefined && !isSystem && !existsSync(subject))
    throw InputError.option(
      `${subject} is neither a system nor a file`,
      `Name a CSV, or one of ${listSystems(root).join(", ")}`,
    );
  const horizon = options.horizon ?? (isSystem ? DEFAULT_DAYS : undefined);
  if (horizon === undefined)
    throw InputError.option("how far ahead is not said", "Give --horizon N, in points of the series");
  const series = isSystem
    ? holdOut(await busyHoursOf(root, subject, options, terminal), horizon, subject)
    : subject === undefined
      ? fromTwoFiles({ ...options, horizon })
      : holdOut(read(subject), horizon, subject);
  const startedMs = performance.now();
  // A season of one point is none: then each series is searched for its own.
  const seasons = isSystem ? [7] : options.season.filter((season) => season > 1);
  const { result, forecasts } = runBacktest(series, seasons, horizon, isSystem ? daily : race);
  const seconds = (performance.now() - startedMs) / 1000;
  if (options.forecasts !== undefined) writeWhole(options.forecasts, forecastsCsv(forecasts, horizon));
  const { summary } = result;
  if (options.json) {
    terminal.printJson({ ...result, summary: { ...summary, seconds } });
    return;
  }
  const digits = (value: number | null) => (value === null ? "–" : value.toFixed(3));
  terminal.print(
    `${summary.forecast} series forecast${summary.refused > 0 ? `, ${summary.refused} refused` : ""}, ${horizon} ${isSystem ? "days" : "points"} ahead, in ${seconds.toFixed(1)} s`,
  );
  terminal.print(
    `  MASE ${digits(summary.mase)} · sMAPE ${digits(summary.smape)}% · OWA against Naive2 ${digits(summary.owa)} (below 1 is better)`,
  );
  terminal.print(
    `  the 95% interval held ${summary.coverage95 === null ? "–" : formatQuantity(summary.coverage95, "ratio")} of the actual values`,
  );
  if (result.series.length <= MOST_ROWS) {
    const rows = result.series.map(({ id, method, mase, smape, coverage95 }) => [
      id,
      digits(mase),
      smape === null ? "–" : `${smape.toFixed(1)}%`,
      coverage95 === null ? "–" : formatQuantity(coverage95, "ratio"),
      method,
    ]);
    const text = table(["series", "MASE", "sMAPE", "in 95%", "method"], rows, [
      "left",
      "right",
      "right",
      "right",
    ]);
    terminal.print(`\n${text}`);
  }
}

function read(file: string): NamedSeries[] {
  const remedy = "Give a CSV with a row per series: id,value,value,…";
  const text = readText(file, remedy);
  try {
    return parseSeriesCsv(text, file);
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown;
    throw new InputError([{ file, message: messageOf(thrown), remedy }]);
  }
}

/** The busy hours of a system's demands, as its plan would read them. */
async function busyHoursOf(
  root: string,
  system: string,
  options: BacktestOptions,
  terminal: Terminal,
): Promise<NamedSeries[]> {
  const profile = loadProfile(root, system);
  const history = await obtainHistory(root, profile, options, terminal);
  const grid = { startMs: Date.parse(history.start), stepMs: history.stepSeconds * 1000 };
  const demands = new Set(profile.signals.filter(({ role }) => role === "demand").map(({ id }) => id));
  return history.signals
    .filter(({ id, failure }) => demands.has(id) && failure === null)
    .flatMap(({ id, values }) => {
      const busy = busyHours({ ...grid, values });
      if (busy.length === 0) return [];
      const days = filled({ days: busy.map(({ day }) => day), values: busy.map(({ value }) => value) });
      return [{ id, values: Float64Array.from(days) }];
    });
}

function fromTwoFiles({ train, test, horizon }: BacktestOptions & { readonly horizon: number }): HeldOut[] {
  if (train === undefined || test === undefined) {
    throw InputError.option("nothing to backtest", "Give a CSV, or both --train CSV and --test CSV");
  }
  const actual = new Map(read(test).map(({ id, values }) => [id, values]));
  const series = read(train);
  const missing = series.filter(({ id }) => (actual.get(id)?.length ?? 0) < horizon);
  if (missing.length > 0) {
    const remedy = `Give ${horizon} values for each series of ${train}, or a shorter --horizon`;
    throw new InputError(
      missing.slice(0, 20).map(({ id }) => ({
        file: test,
        path: id,
        message: `has ${actual.get(id)?.length ?? 0} values`,
        remedy,
      })),
    );
  }
  return series.map(({ id, values }) => ({
    id,
    history: values,
    actual: (actual.get(id) as Float64Array).slice(0, horizon),
  }));
}

function holdOut(series: readonly NamedSeries[], horizon: number, file: string): HeldOut[] {
  const short = series.filter(({ values }) => values.length <= horizon);
  if (short.length > 0) {
    const remedy = `A series needs more than the horizon's ${horizon} values`;
    throw new InputError(
      short
        .slice(0, 20)
        .map(({ id, values }) => ({ file, path: id, message: `has ${values.length} values`, remedy })),
    );
  }
  return series.map(({ id, values }) => ({
    id,
    history: values.slice(0, -horizon),
    actual: values.slice(-horizon),
  }));
}

function forecastsCsv(forecasts: readonly ScoredForecast[], horizon: number): string {
  const rows = forecasts.flatMap(({ id, forecast }) =>
    Array.from({ length: horizon }, (_, step) => [
      id,
      step + 1,
      forecast.spread.at(0.5, step),
      forecast.spread.at(LOW, step),
      forecast.spread.at(HIGH, step),
    ]),
  );
  return stringify([["id", "h", "mean", "lo95", "hi95"], ...rows]);
}
