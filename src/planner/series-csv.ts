import { parse } from "csv-parse/sync";
import { InputError, messageOf, type Problem } from "../model/problem.ts";

export interface NamedSeries {
  readonly id: string;
  readonly values: Float64Array;
}

/**
 * Series from a CSV: a row is an id and its values, oldest first; rows may differ in length and end in blanks. A first
 * row whose second cell is no number is a heading. Throws an InputError with every bad cell.
 */
export function parseSeriesCsv(text: string, file: string): NamedSeries[] {
  const rows = parseRows(text, file);
  const problems: Problem[] = [];
  const series = rows.flatMap((cells, row) => {
    if (row === 0 && !Number.isFinite(Number(cells[1] || "x"))) return [];
    const filled = cells.slice(1, cells.findLastIndex((cell) => cell.trim() !== "") + 1);
    filled.forEach((cell, column) => {
      if (cell.trim() !== "" && Number.isFinite(Number(cell))) return;
      problems.push({
        file,
        line: row + 1,
        path: `column ${column + 2}`,
        message: `${JSON.stringify(cell)} is no number`,
        remedy: "Give every point a number; fill or cut gaps first",
      });
    });
    return [{ id: cells[0] ?? "", values: Float64Array.from(filled, Number) }];
  });
  if (series.length === 0)
    problems.push({ file, message: "holds no series", remedy: "Write a row per series: id,value,value,…" });
  if (problems.length > 0) throw new InputError(problems.slice(0, 20));
  return series;
}

function parseRows(text: string, file: string): string[][] {
  try {
    return parse(text, { relax_column_count: true, skip_empty_lines: true, bom: true }) as string[][];
  } catch (thrown) {
    throw new InputError([{ file, message: `is no CSV: ${messageOf(thrown)}`, remedy: "Mend the quotes" }]);
  }
}
