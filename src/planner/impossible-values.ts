import type { History, SignalHistory } from "../model/history.ts";
import { formatNumber } from "../model/unit.ts";

export interface ImpossibleValue {
  readonly signal: string;
  /** Index in the signal's values. */
  readonly at: number;
  readonly value: number;
  readonly when: string;
  /** How many of the signal's values are. */
  readonly count: number;
}

/** The first value below zero of every signal: rates, bytes and counts have none, so the query or the file is wrong. */
export function impossibleValues({ signals, start, stepSeconds }: History): ImpossibleValue[] {
  return signals.flatMap(({ id, values }) => {
    const at = values.findIndex((value) => value !== null && value < 0);
    if (at < 0) return [];
    const when = new Date(Date.parse(start) + at * stepSeconds * 1000).toISOString();
    const count = values.filter((value) => value !== null && value < 0).length;
    return [{ signal: id, at, value: values[at] as number, when, count }];
  });
}

/** A history whose signals with impossible values are refused, each with its reason. */
export function refuseImpossible(history: History): History {
  const wrong = new Map(impossibleValues(history).map((one) => [one.signal, one]));
  if (wrong.size === 0) return history;
  return {
    ...history,
    signals: history.signals.map((signal): SignalHistory => {
      const found = wrong.get(signal.id);
      if (found === undefined) return signal;
      const failure = `${found.count === 1 ? "a value is" : `${found.count} values are`} below zero, first ${formatNumber(found.value)} at ${found.when}: correct the query`;
      return { ...signal, values: [], failure: signal.failure ?? failure };
    }),
  };
}
