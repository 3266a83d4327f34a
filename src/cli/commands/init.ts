import { resolve } from "node:path";
import { findRoot, packageRoot } from "../../systems/find-root.ts";
import { writeSystem } from "../../systems/scaffold.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `headroom init`: into --root, the project around the current folder, or the current folder. */
export async function init(slug: string, options: CommonOptions): Promise<void> {
  const terminal = openTerminal(options);
  const cwd = process.cwd();
  const found = options.root === undefined ? findRoot(undefined, cwd) : resolve(options.root);
  const isOurs = options.root === undefined && found === packageRoot() && !cwd.startsWith(found);
  const root = isOurs ? cwd : found;
  const files = writeSystem(root, slug);
  if (options.json) {
    terminal.printJson({ system: slug, root, files });
    return;
  }
  for (const file of files) terminal.print(`wrote ${file}`);
  terminal.note(
    `next: headroom check ${slug} · headroom testbed ${slug} · headroom gate ${slug} --scenario smoke --target http://127.0.0.1:8000`,
  );
}
