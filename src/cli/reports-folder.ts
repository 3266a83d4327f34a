import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../model/problem.ts";

/** Where runs, capacities and plans are kept; a mounted artefact store is named by HEADROOM_REPORTS. */
export const reportsFolder = (): string => process.env.HEADROOM_REPORTS || "reports";

/** A system's folder there. The name may come from a file that was read: one that leads elsewhere is refused. */
export function reportsOf(system: string): string {
  if (/^$|^\.|[/\\]/.test(system))
    throw InputError.option(`"${system}" is no name for a system`, "Name one that `headroom systems` lists");
  return join(reportsFolder(), system);
}

/** `20261120-120000`, UTC: names by it sort by time. */
export const timeStamp = () => new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);

/** Every file of a name one folder down, by the folders' names, which begin with the time. */
export function savedUnder(folder: string, name: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .sort()
    .map((one) => join(folder, one, name))
    .filter((file) => existsSync(file));
}
