import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "../../scenarios/lib/journey.ts";
import type { World } from "./world.ts";

/** Writes a world's journey, load and thresholds as a system of files, for the command line to find. */
export function writeWorld(world: World, root: string): void {
  const folder = join(root, "scenarios", "simulated");
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, "thresholds"), { recursive: true });
  cpSync("scenarios/lib", join(root, "scenarios", "lib"), { recursive: true });
  const { title, vars, steps, login } = world.journey;
  writeFileSync(
    join(folder, "journey.ts"),
    [
      "export default {",
      `  title: ${JSON.stringify(title)},`,
      vars === undefined ? "" : `  vars: ${JSON.stringify(vars)},`,
      login === undefined ? "" : `  login: ${stepText(login)},`,
      `  steps: [${steps.map(stepText).join(",\n")}],`,
      "};",
    ].join("\n"),
  );
  writeFileSync(
    join(folder, `${world.scenario}.ts`),
    [
      'import { bind } from "../lib/bind.ts";',
      'import journey from "./journey.ts";',
      `export const load = ${JSON.stringify(world.load)};`,
      "export const { options, setup, iteration, teardown } = bind(journey, load);",
      "export default iteration;",
    ].join("\n"),
  );
  writeFileSync(join(root, "thresholds", "simulated.yaml"), world.thresholds);
}

/** A step as it is written; its functions close over nothing but the name of what they give. */
function stepText({ checks, extract, ...data }: Step): string {
  const name = data.endpoint === "login" ? "token" : `${data.endpoint}Id`;
  const path = data.endpoint === "login" ? "token" : "items.0.id";
  return [
    "{",
    ...Object.entries(data).map(([key, value]) => `${key}: ${JSON.stringify(value)},`),
    checks === undefined ? "" : '  checks: { "is right": (answer) => answer.json("ok") === true },',
    extract === undefined
      ? ""
      : `  extract: (answer) => ({ ${JSON.stringify(name)}: answer.json("${path}") }),`,
    "}",
  ].join(" ");
}
