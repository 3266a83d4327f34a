import { loadProfile } from "../../planner/profile/load-profile.ts";
import { findRoot } from "../../systems/find-root.ts";
import { requireSystem } from "../../systems/list-systems.ts";
import { type HistoryOptions, obtainHistory } from "../plan-inputs.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";

interface SnapshotOptions extends CommonOptions, HistoryOptions {
  readonly digits?: number;
  readonly source?: string;
}

/** `headroom snapshot`: the plan's history in one file. */
export async function snapshot(system: string, options: SnapshotOptions): Promise<void> {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  requireSystem(root, system);
  const asked = await obtainHistory(root, loadProfile(root, system), options, terminal);
  const history = options.source === undefined ? asked : { ...asked, source: options.source };
  const file = options.out ?? `${system}-${history.end.slice(0, 10)}.history.json`;
  const { digits } = options;
  const rounded = (value: unknown) =>
    digits !== undefined && typeof value === "number" ? Number(value.toPrecision(digits)) : value;
  // A signal to a line: a line's difference is a signal's.
  const signals = history.signals.map((signal) =>
    JSON.stringify({ ...signal, values: signal.values.map(rounded) }),
  );
  const { signals: _, ...head } = history;
  const text = `${JSON.stringify(head).slice(0, -1)},"signals":[\n${signals.join(",\n")}\n]}\n`;
  writeWhole(file, text);
  const failed = history.signals.filter(({ failure }) => failure !== null);
  for (const { id, failure } of failed) terminal.note(`${id}: ${failure}`);
  if (options.json) terminal.printJson({ file, signals: history.signals.length, failed: failed.length });
  else
    terminal.print(
      `${history.signals.length - failed.length} of ${history.signals.length} signals from ${history.start} to ${history.end}: ${shownPath(file)}`,
    );
}
