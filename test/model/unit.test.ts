import { describe, expect, it } from "vitest";
import { formatQuantity, parseQuantity, type Unit } from "../../src/model/unit.ts";

describe("quantities", () => {
  it.each<[string | number, Unit, number | null]>([
    ["500ms", "ms", 500],
    ["2s", "ms", 2000],
    ["4h", "seconds", 14_400],
    ["5%", "ratio", 0.05],
    ["0.01%", "ratio", 0.0001],
    [0.8, "ratio", 0.8],
    ["60/min", "per-second", 1],
    ["8 GiB", "bytes", 8 * 1024 ** 3],
    [100, "count", 100],
    // A limit must say its unit, stay in range, and be a number: nothing is guessed.
    ["500", "ms", null],
    ["5", "ratio", null],
    ["5%", "ms", null],
    ["soon", "ms", null],
    ["1e3", "count", null],
    // Names that every object has are no units.
    ["5constructor", "ms", null],
    ["5toString", "seconds", null],
    ["5valueOf", "bytes", null],
  ])("%s as %s is %s", (text, unit, value) => expect(parseQuantity(text, unit)).toBe(value));

  it.each<[number, Unit, string]>([
    [231.7, "ms", "232 ms"],
    [1500, "ms", "1.5 s"],
    [0.005, "seconds", "5 ms"],
    [0.0001, "ratio", "0.01%"],
    [151.26, "per-second", "151/s"],
    [1.5 * 1024 ** 3, "bytes", "1.5 GiB"],
  ])("%d %s reads %s", (value, unit, text) => expect(formatQuantity(value, unit)).toBe(text));
});
