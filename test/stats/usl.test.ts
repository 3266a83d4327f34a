import { describe, expect, it } from "vitest";
import { throughputAt } from "../../src/model/capacity.ts";
import { fitUsl } from "../../src/stats/usl.ts";

const points = (pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([concurrency, throughput]) => ({ concurrency, throughput }));
/** Published load tests: concurrency and throughput, as in the R package usl (specsdm91, raytracer). */
const PUBLISHED = {
  specsdm91: [
    [1, 64.9],
    [18, 995.9],
    [36, 1652.4],
    [72, 1853.2],
    [108, 1828.9],
    [144, 1775],
    [216, 1702.2],
  ],
  raytracer: [
    [1, 20],
    [4, 78],
    [8, 130],
    [12, 170],
    [16, 190],
    [20, 200],
    [24, 210],
    [28, 230],
    [32, 260],
    [48, 280],
    [64, 310],
  ],
} satisfies Record<string, [number, number][]>;
const read = (name: keyof typeof PUBLISHED) => points(PUBLISHED[name]);

describe("the universal scalability law", () => {
  it("is found again in what it made: α = β = 0.02, γ = 1", () => {
    const law = fitUsl(
      points([
        [1, 1],
        [2, 1.8868],
        [4, 3.0769],
        [6, 3.5294],
        [8, 3.5398],
        [10, 3.3557],
      ]),
    );
    expect(law?.alpha).toBeCloseTo(0.02, 3);
    expect(law?.beta).toBeCloseTo(0.02, 3);
    expect(law?.gamma).toBeCloseTo(1, 3);
    expect(law?.peakConcurrency).toBeCloseTo(7, 1);
  });

  it("is found from four concurrencies, whatever the unit, and points of nothing do not matter", () => {
    const made = { alpha: 0.05, beta: 0.001, gamma: 900, peakConcurrency: null };
    const seen = [1, 4, 16, 48].map((n) => [n, throughputAt(made, n)] as const);
    const law = fitUsl(points([...seen, [0, 0], [0, 500], [7, 0]]));
    expect(law?.alpha).toBeCloseTo(0.05, 6);
    expect(law?.beta).toBeCloseTo(0.001, 6);
    expect(law?.gamma).toBeCloseTo(900, 3);
    expect(law?.peakConcurrency).toBeCloseTo(Math.sqrt(950), 3);
  });

  it("has no peak where nothing is waited for", () => {
    const law = fitUsl(points([1, 2, 4, 8, 16].map((n) => [n, 50 * n] as const)));
    expect(law?.gamma).toBeCloseTo(50, 6);
    expect(law?.peakConcurrency).toBeNull();
    expect(law && throughputAt(law, 32)).toBeCloseTo(1600, 3);
  });

  it("is refused with three concurrencies, however many points", () => {
    expect(fitUsl(points([1, 2, 4, 4, 4].map((n) => [n, n] as const)))).toBeNull();
    expect(fitUsl([])).toBeNull();
  });

  it("specsdm91: the published fit", () => {
    // Gunther, Guerrilla Capacity Planning (2007), table 5.4; the R package usl 3: 0.0277, 0.000104, peak 96.5.
    const law = fitUsl(read("specsdm91"));
    expect(law?.alpha).toBeCloseTo(0.0277, 3);
    expect(law?.beta).toBeCloseTo(0.000104, 5);
    expect(law?.peakConcurrency).toBeCloseTo(96.52, 0);
  });

  it("raytracer: contention alone, so that it never falls", () => {
    const law = fitUsl(read("raytracer"));
    expect(law?.alpha).toBeGreaterThan(0.03);
    expect(law?.peakConcurrency ?? 1000).toBeGreaterThan(64);
  });
});
