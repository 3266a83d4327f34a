import { findRoot } from "../../systems/find-root.ts";
import { listSystems } from "../../systems/list-systems.ts";
import { loadJourney } from "../../systems/load-scenario.ts";
import { loadThresholds } from "../../systems/thresholds-file.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `headroom systems`: each system with its title and the size of its SLA. */
export async function systems(options: CommonOptions): Promise<void> {
  const terminal = openTerminal(options);
  const root = findRoot(options.root, process.cwd());
  const found = await Promise.all(
    listSystems(root).map(async (system) => {
      const { thresholds } = loadThresholds(root, system);
      const { title, steps } = await loadJourney(root, system);
      return {
        system,
        title,
        endpoints: steps.map(({ endpoint }) => endpoint),
        clientCriteria: thresholds.client.length,
        serverCriteria: thresholds.server.length,
      };
    }),
  );
  if (options.json) {
    terminal.printJson(found);
    return;
  }
  const width = Math.max(...found.map(({ system }) => system.length));
  for (const { system, title, endpoints, clientCriteria, serverCriteria } of found) {
    terminal.print(
      `${system.padEnd(width)}  ${title}: ${endpoints.length} endpoints, ${clientCriteria} client and ${serverCriteria} server criteria`,
    );
  }
  terminal.note(`under ${root}`);
}
