import { setupK6 } from "../../engines/k6/setup-k6.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `headroom setup k6`. */
export async function setup(options: CommonOptions): Promise<void> {
  const terminal = openTerminal(options);
  const k6 = await setupK6(process.env, terminal.note);
  if (options.json) terminal.printJson(k6);
  else terminal.print(`k6 ${k6.version} is at ${k6.path}`);
}
