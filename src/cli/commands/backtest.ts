import { readFileSync } from "node:fs";
import { stringify } from "csv-stringify/sync";
import { InputError, messageOf } from "../../model/problem.ts";
import { formatQuantity } from "../../model/unit.ts";
import { type HeldOut, HIGH, LOW, backtest as runBacktest, type ScoredForecast } from "../../planner/backtest.ts";
import { type NamedSeries, parseSeriesCsv } from "../../planner/series-csv.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { writeWhole } from "../write-files.ts";

interface BacktestOptions extends CommonOptions {
  readonly train?: string;
  readonly test?: string;
  readonly season: number[];
  readonly horizon: number;
  readonly forecasts?: string;
}

/** `headroom backtest`: how well would the forecast have done. */
export async function backtest(csv: string | undefined, options: BacktestOptions): Promise<void> {
  const terminal = openTerminal(options);
  const series = csv === undefined ? fromTwoFiles(options) : holdOut(read(csv), options.horizon, csv);
  const startedMs = performance.now();
  // A season of one point is none: then each series is searched for its own.
  const seasons = options.season.filter((season) => season > 1);
  const { result, forecasts } = runBacktest(series, seasons, options.horizon);
  const seconds = (performance.now() - startedMs) / 1000;
  if (options.forecasts !== undefined) writeWhole(options.forecasts, forecastsCsv(forecasts));
  const { summary } = result;
  if (options.json) {
    terminal.print(JSON.stringify({ ...result, summary: { ...summary, seconds } }));
    return;
  }
  const digits = (value: number | null) => (value === null ? "–" : value.toFixed(3));
  terminal.print(
    `${summary.forecast} series forecast${summary.refused > 0 ? `, ${summary.refused} refused` : ""}, ${options.horizon} points ahead, in ${seconds.toFixed(1)} s`,
  );
  terminal.print(
    `  MASE ${digits(summary.mase)} · sMAPE ${digits(summary.smape)}% · OWA against Naive2 ${digits(summary.owa)} (below 1 is better)`,
  );
  terminal.print(
    `  the 95% interval held ${summary.coverage95 === null ? "–" : formatQuantity(summary.coverage95, "ratio")} of the actual values`,
  );
}

function read(file: string): NamedSeries[] {
  try {
    return parseSeriesCsv(readFileSync(file, "utf8"), file);
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown;
    throw new InputError([
      { file, message: messageOf(thrown), remedy: "Give a CSV with a row per series: id,value,value,…" },
    ]);
  }
}

function fromTwoFiles({ train, test, horizon }: BacktestOptions): HeldOut[] {
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

function forecastsCsv(forecasts: readonly ScoredForecast[]): string {
  const rows = forecasts.flatMap(({ id, forecast }) =>
    [...forecast.mean].map((mean, step) => [
      id,
      step + 1,
      mean,
      forecast.spread.at(LOW, step),
      forecast.spread.at(HIGH, step),
    ]),
  );
  return stringify([["id", "h", "mean", "lo95", "hi95"], ...rows]);
}
