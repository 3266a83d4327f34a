import type { Measurement } from "../../src/engines/engine.ts";
import type { GeneratorFaultKind, World } from "./world.ts";

/** The same measurement as several generators together left it in a store, with the marks that they set. */
export function measureBySeveral(measured: Measurement, { generator }: World): Measurement {
  const find = (kind: GeneratorFaultKind) => generator.find((fault) => fault.kind === kind);
  const all = ["1", "2", "3"];
  return {
    ...measured,
    engine: { name: "k6", version: "2.2.0", generators: all.length },
    evidence: {
      ...measured.evidence,
      generatorCpu: null,
      generators: {
        expected: all.length,
        begun: find("generator-missing") ? all.slice(1) : all,
        ended: find("generator-unended") ? all.slice(1) : find("generator-missing") ? all.slice(1) : all,
        repeated: find("generator-repeated") ? ["2"] : [],
        beginSpreadMs: (find("generators-apart")?.amount ?? 0.1) * 1000,
        unaccounted: find("samples-lost") ? 17 : 0,
      },
    },
  };
}
