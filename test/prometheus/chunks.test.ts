import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halve, planChunks } from "../../src/prometheus/chunks.ts";

const pointsOf = (chunk: { startMs: number; endMs: number }, stepMs: number) =>
  Array.from(
    { length: Math.round((chunk.endMs - chunk.startMs) / stepMs) + 1 },
    (_, index) => chunk.startMs + index * stepMs,
  );

describe("planChunks", () => {
  it("covers every multiple of the step in the window exactly once, in chunks under the limit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: 0, max: 2e6 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 300 }),
        (startMs, lengthMs, stepMs, most) => {
          const endMs = startMs + Math.min(lengthMs, stepMs * 2000);
          const chunks = planChunks(startMs, endMs, stepMs, most);
          const points = chunks.flatMap((chunk) => pointsOf(chunk, stepMs));
          const expected: number[] = [];
          for (let at = Math.ceil(startMs / stepMs) * stepMs; at <= endMs; at += stepMs) expected.push(at);
          expect(points).toEqual(expected);
          for (const chunk of chunks) expect(pointsOf(chunk, stepMs).length).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("halves keep every point, down to one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (steps) => {
        const chunk = { startMs: 5000, endMs: 5000 + steps * 100 };
        const [left, right] = halve(chunk, 100) ?? [];
        expect([...pointsOf(left!, 100), ...pointsOf(right!, 100)]).toEqual(pointsOf(chunk, 100));
      }),
    );
    expect(halve({ startMs: 5000, endMs: 5000 }, 100)).toBeNull();
  });
});
