import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RecordReader } from "../../src/engines/k6/record.ts";

/** Written by k6 2.2.0: 100 iterations/s for 6 s, a login in setup, one request in fifty to a closed port. */
const RECORD = readFileSync("test/fixtures/k6-record.ndjson", "utf8");

function read(chunks: readonly string[]): RecordReader {
  const reader = new RecordReader();
  for (const chunk of chunks) reader.push(chunk);
  return reader;
}
const series = (reader: RecordReader, metric: string, endpoint: string | null = null) =>
  reader.series().find((line) => line.metric === metric && line.endpoint === endpoint)?.values;

describe("RecordReader", () => {
  it("gives one value per second and series, null where a series had no sample", () => {
    const reader = read([RECORD]);
    expect(series(reader, "requests")).toHaveLength(6);
    expect(series(reader, "requests", "login")).toEqual([1, 0, 0, 0, 0, 0]);
    expect(series(reader, "p95", "login")?.slice(1)).toEqual([null, null, null, null, null]);
    expect(series(reader, "requests")?.every((count) => count !== null && count > 90 && count < 120)).toBe(
      true,
    );
  });

  it("reads the same whatever pieces the file comes in", () => {
    const whole = read([RECORD]).series();
    const pieces = RECORD.match(/[\s\S]{1,997}/g) ?? [];
    expect(read(pieces).series()).toEqual(whole);
  });

  it("keeps what a killed k6 had written, its last line cut short", () => {
    const reader = read([RECORD.slice(0, Math.floor(RECORD.length * 0.7))]);
    expect(series(reader, "requests")?.length).toBeGreaterThanOrEqual(3);
  });

  it("passes over what is no line of a record, and a clock that was set anew", () => {
    const lines = RECORD.trimEnd().split("\n");
    const last = lines.findLastIndex((line) => line.includes('"snapshot"'));
    const later = (lines[last] as string).replace(/1\d{12}/g, (ms) => String(Number(ms) + 1e12));
    expect(later).not.toBe(lines[last]);
    const noise = ["null", "7", '"x"', "[]", "{}", '{"event":"start","data":null}', '{"event":"metric"}'];
    const odd = ['{"event":"snapshot","data":{"a":1}}', '{"event":"snapshot","data":[null]}', "\0{]", later];
    const mixed = lines.flatMap((line) => [line, ...noise, ...odd]).join("\n");
    expect(read([`${mixed}\n`]).series()).toEqual(read([RECORD]).series());
  });

  it("knows the longest time in which k6 itself did not run", () => {
    expect(read([RECORD]).stalledMs).toBe(0);
    const lines = RECORD.trimEnd().split("\n");
    const periods = lines.filter((line) => line.includes('"snapshot"'));
    const without = (...missing: number[]) =>
      read([`${lines.filter((line) => !missing.some((at) => line === periods[at])).join("\n")}\n`]).stalledMs;
    expect(without(2)).toBe(1000);
    expect(without(1, 3, 4)).toBe(2000);
    // Nothing is known of what lies before the first period or after the last.
    expect(without(0, periods.length - 1)).toBe(0);
  });
});
