import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Capacity } from "../../model/capacity.ts";
import { Plan } from "../../model/plan.ts";
import { InputError } from "../../model/problem.ts";
import { capacityReporters } from "../../reporters/capacity/index.ts";
import { renderCapacityTerminal } from "../../reporters/capacity/terminal.ts";
import { chooseFormats } from "../../reporters/index.ts";
import { planReporters } from "../../reporters/plan/index.ts";
import { renderPlanTerminal } from "../../reporters/plan/terminal.ts";
import type { RenderedFile } from "../../reporters/report.ts";
import { readJson } from "../read-json.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { writeWhole } from "../write-files.ts";
import { judgeAgain } from "./judge.ts";

/** What a saved result is told by. */
const FILES = ["run.json", "capacity.json", "plan.json"] as const;

/** `headroom report`: a saved run, capacity or plan rendered again. Writes only where --out or --format says. */
export async function report(path: string, options: CommonOptions): Promise<void> {
  const file = resultFile(path);
  if (file.endsWith("capacity.json"))
    return renderAgain(file, options, (formats, terminal) => {
      const capacity = readJson(file, Capacity, "Give a capacity.json that `headroom capacity` wrote");
      return {
        files: chooseFormats(capacityReporters, formats).flatMap((reporter) => reporter.render(capacity)),
        text: renderCapacityTerminal(capacity, terminal),
        value: capacity,
      };
    });
  if (file.endsWith("plan.json"))
    return renderAgain(file, options, (formats, terminal) => {
      const plan = readJson(file, Plan, "Give a plan.json that `headroom plan` wrote");
      return {
        files: chooseFormats(planReporters, formats).flatMap((reporter) => reporter.render(plan)),
        text: renderPlanTerminal(plan, terminal),
        value: plan,
      };
    });
  await judgeAgain(file, options);
}

interface Rendered {
  readonly files: readonly RenderedFile[];
  readonly text: string;
  readonly value: unknown;
}

function renderAgain(
  file: string,
  options: CommonOptions,
  render: (formats: string | undefined, terminal: Terminal) => Rendered,
): void {
  const terminal = openTerminal(options);
  const { files, text, value } = render(options.format, terminal);
  const folder = options.out ?? (options.format === undefined ? null : dirname(file));
  if (folder !== null) {
    for (const { name, text } of files) writeWhole(join(folder, name), text);
    terminal.note(`reports: ${folder}`);
  }
  if (options.json) terminal.printJson(value);
  else terminal.print(text);
}

function resultFile(path: string): string {
  if (existsSync(path) && !statSync(path).isDirectory()) return path;
  const found = FILES.map((name) => join(path, name)).find(existsSync);
  if (found !== undefined) return found;
  throw new InputError([
    {
      file: path,
      message: existsSync(path) ? `holds none of ${FILES.join(", ")}` : "no such file or folder",
      remedy: "Give what `headroom gate`, `capacity` or `plan` wrote",
    },
  ]);
}
