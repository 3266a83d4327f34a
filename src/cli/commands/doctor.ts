import { execa } from "execa";
import { coresAvailable } from "../../engines/cores.ts";
import { findK6, K6_VERSION } from "../../engines/k6/find-k6.ts";
import { InputError, messageOf, ToolError } from "../../model/problem.ts";
import { formatQuantity } from "../../model/unit.ts";
import { checkSystem } from "../../systems/check-system.ts";
import { findRoot } from "../../systems/find-root.ts";
import { listSystems } from "../../systems/list-systems.ts";
import { headroomVersion } from "../environment.ts";
import { EXIT } from "../exit-codes.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  /** How to get what is missing. */
  readonly remedy: string | null;
}

/** `headroom doctor`: what is here, what is missing, how to get it. Exit 3 when a named k6 does not work. */
export async function doctor(options: CommonOptions & { readonly k6?: string }): Promise<void> {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  const findings = [
    {
      what: "headroom",
      ok: true,
      found: `${headroomVersion()} on Node ${process.version}, ${formatQuantity(coresAvailable(), "cores")}`,
      remedy: null,
    },
    await lookAtK6(options.k6),
    await lookAtGo(),
    await lookAtSystems(root),
  ];
  if (options.json) terminal.printJson(findings);
  else
    for (const { what, ok, found, remedy } of findings)
      terminal.print(
        `${ok ? "✓" : "–"} ${what.padEnd(9)} ${found}${remedy ? `\n            → ${remedy}` : ""}`,
      );
  if (findings.some(({ what, ok }) => !ok && what === "systems")) process.exitCode = EXIT.badInput;
  if (options.k6 !== undefined && findings.some(({ what, ok }) => !ok && what === "k6"))
    process.exitCode = EXIT.toolFailed;
}

async function lookAtK6(named: string | undefined): Promise<Finding> {
  try {
    const k6 = await findK6(named, process.env);
    if (k6)
      return { what: "k6", ok: true, found: `${k6.version} at ${k6.path} (${k6.source})`, remedy: null };
    return {
      what: "k6",
      ok: false,
      found: "none; gates run on the embedded engine (autocannon)",
      remedy: `headroom setup k6 builds v${K6_VERSION} with Go into your cache, about a minute`,
    };
  } catch (thrown) {
    if (thrown instanceof ToolError)
      return { what: "k6", ok: false, found: thrown.message, remedy: thrown.remedy };
    if (thrown instanceof InputError) return { what: "k6", ok: false, found: thrown.message, remedy: null };
    throw thrown;
  }
}

async function lookAtGo(): Promise<Finding> {
  const go = await execa("go", ["version"], { reject: false });
  if (go.failed)
    return {
      what: "go",
      ok: false,
      found: "none; only `setup k6` needs it",
      remedy: "https://go.dev/dl, version 1.25 or newer",
    };
  return { what: "go", ok: true, found: String(go.stdout), remedy: null };
}

async function lookAtSystems(root: string): Promise<Finding> {
  try {
    const systems = listSystems(root);
    const problems = (await Promise.all(systems.map((system) => checkSystem(root, system)))).flat();
    const found = `${systems.length} under ${root}${problems.length > 0 ? `, ${problems.length} problems` : ""}`;
    return {
      what: "systems",
      ok: problems.length === 0,
      found,
      remedy: problems.length > 0 ? "headroom check lists them" : null,
    };
  } catch (thrown) {
    return { what: "systems", ok: false, found: messageOf(thrown), remedy: "headroom check" };
  }
}
