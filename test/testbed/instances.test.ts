import { describe, expect, it } from "vitest";
import { loadJourney } from "../../src/systems/load-scenario.ts";
import { loadTestbed } from "../../src/systems/load-testbed.ts";
import { parseFaults } from "../../src/testbed/faults.ts";
import { serveTestbed } from "../../src/testbed/serve.ts";

describe("a testbed of several instances", () => {
  it("takes so many times what one takes, and gives each the next request in turn", async () => {
    const journey = await loadJourney(".", "ralph");
    const testbed = await loadTestbed(".", "ralph", journey);
    const faults = parseFaults({}, []);
    // Long enough that none is finished before the last of twelve arrives, on however busy a machine.
    const health = { ...testbed.endpoints.health, medianMs: 1000, p95Ms: 1100 };
    const serve = (instances: number) =>
      serveTestbed(
        journey,
        { ...testbed, endpoints: { ...testbed.endpoints, health }, queueLimit: 1 },
        { port: 0, workers: 1, instances, faults, seed: 1 },
      );
    const [one, three] = [await serve(1), await serve(3)];
    try {
      expect(three.capacityPerSecond).toBeCloseTo(3 * one.capacityPerSecond, 9);
      // One worker and one place in the queue each: of twelve at once, two and six are served.
      const served = async (url: string) => {
        const answers = await Promise.all(Array.from({ length: 12 }, () => fetch(`${url}/health`)));
        return answers.filter(({ status }) => status === 200).length;
      };
      expect(await served(one.url)).toBe(2);
      expect(await served(three.url)).toBe(6);
    } finally {
      await Promise.all([one.close(), three.close()]);
    }
  });

  it("takes less where its work takes longer", async () => {
    const journey = await loadJourney(".", "ralph");
    const testbed = await loadTestbed(".", "ralph", journey);
    const serve = (slower: string[]) =>
      serveTestbed(journey, testbed, {
        port: 0,
        workers: 4,
        faults: parseFaults({ slower }, ["health"]),
        seed: 1,
      });
    const [usual, slower] = [await serve([]), await serve(["25%"])];
    expect(slower.capacityPerSecond).toBeCloseTo(usual.capacityPerSecond / 1.25, 9);
    await Promise.all([usual.close(), slower.close()]);
  });
});
