import cliProgress from "cli-progress";
import type { Progress } from "../engines/engine.ts";
import { formatQuantity } from "../model/unit.ts";
import type { Terminal } from "./terminal.ts";

/** How often a log that is no terminal gets a line. */
const LINE_EVERY_MS = 10_000;

export interface ProgressView {
  show(progress: Progress): void;
  end(): void;
}

/** A bar on a terminal, a line every ten seconds elsewhere. */
export function viewProgress(terminal: Terminal, label: string): ProgressView {
  return terminal.isInteractive ? bar(terminal, label) : lines(terminal, label);
}

function bar(terminal: Terminal, label: string): ProgressView {
  const view = new cliProgress.SingleBar(
    {
      stream: terminal.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 20,
      format: (options, params, payload: { text?: string }) =>
        `${label} ${cliProgress.Format.BarFormat(params.progress, options)} ${payload.text ?? ""}`,
    },
    cliProgress.Presets.shades_classic,
  );
  let isStarted = false;
  return {
    show(progress) {
      if (!isStarted) view.start(progress.totalMs ?? 1, 0, { text: "" });
      isStarted = true;
      view.update(Math.min(progress.elapsedMs, progress.totalMs ?? 1), { text: describe(progress) });
    },
    end: () => view.stop(),
  };
}

function lines(terminal: Terminal, label: string): ProgressView {
  let nextMs = LINE_EVERY_MS;
  return {
    show(progress) {
      if (progress.elapsedMs < nextMs) return;
      nextMs = (Math.floor(progress.elapsedMs / LINE_EVERY_MS) + 1) * LINE_EVERY_MS;
      terminal.note(`${label} ${describe(progress)}`);
    },
    end: () => {},
  };
}

function describe({ elapsedMs, totalMs, requestsPerSecond, p95Ms, failedRatio, users }: Progress): string {
  const clock = (ms: number) =>
    `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
  const parts = [
    totalMs === null ? clock(elapsedMs) : `${clock(Math.min(elapsedMs, totalMs))}/${clock(totalMs)}`,
    requestsPerSecond === null ? null : `${requestsPerSecond}/s`,
    p95Ms === null ? null : `p95 ${formatQuantity(p95Ms, "ms")}`,
    failedRatio === null ? null : `errors ${formatQuantity(failedRatio, "ratio")}`,
    users === null ? null : `${users} VUs`,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}
