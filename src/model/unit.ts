import { RATES, TRENDS } from "./k6-metrics.ts";

/** Units a value can be shown and written in. */
export type Unit = "ms" | "ratio" | "per-second" | "count" | "bytes" | "seconds" | "cores" | "number";

/** What k6's own metrics are measured in; a metric of the user's own is a plain number. */
export function unitOfMetric(metric: string, stat: string): Unit {
  if (RATES.includes(metric)) return "ratio";
  if (metric.startsWith("http_req_") || TRENDS.includes(metric)) return "ms";
  if (stat === "rate") return "per-second";
  return stat === "count" ? "count" : "number";
}

export const GIB = 1024 ** 3;

const DURATION: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const SIZE: Record<string, number> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/**
 * A limit as people write it (`500ms`, `2s`, `5%`, `100/s`, `8 GiB`, `0.8`) in the unit's own scale, or null
 * when it says something else. Durations must name their unit: `500` could be ms or s, and a gate must not guess.
 */
export function parseQuantity(text: string | number, unit: Unit): number | null {
  const match = /^(-?\d+(?:\.\d+)?)\s*([A-Za-z%/]*)$/.exec(String(text).trim());
  if (!match) return null;
  const amount = Number(match[1]);
  const suffix = match[2] ?? "";
  switch (unit) {
    case "ms":
      return Object.hasOwn(DURATION, suffix) ? amount * (DURATION[suffix] as number) : null;
    case "seconds":
      return Object.hasOwn(DURATION, suffix) ? (amount * (DURATION[suffix] as number)) / 1000 : null;
    case "ratio":
      if (suffix === "%") return Number((amount / 100).toPrecision(12));
      return suffix === "" && amount >= 0 && amount <= 1 ? amount : null;
    case "per-second":
      if (suffix === "/min") return amount / 60;
      return suffix === "/s" || suffix === "" ? amount : null;
    case "bytes":
      if (suffix === "") return amount;
      return Object.hasOwn(SIZE, suffix) ? amount * (SIZE[suffix] as number) : null;
    case "cores":
      if (suffix === "m") return amount / 1000;
      return suffix === "" ? amount : null;
    case "count":
    case "number":
      return suffix === "" ? amount : null;
  }
}

/** What a limit of this unit may look like, for a message. */
export const QUANTITY_EXAMPLES: Record<Unit, string> = {
  ms: "500ms or 2s",
  seconds: "500ms or 4h",
  ratio: "5% or 0.05",
  "per-second": "100/s or 60/min",
  bytes: "8GiB or 1073741824",
  count: "100",
  cores: "2 or 250m",
  number: "100",
};

/** A value a person reads: three significant digits and its unit. */
export function formatQuantity(value: number, unit: Unit): string {
  switch (unit) {
    case "ms":
      return value >= 1000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`;
    case "seconds":
      return Math.abs(value) < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case "ratio":
      return `${digits(value * 100)}%`;
    case "per-second":
      return `${digits(value)}/s`;
    case "bytes":
      return formatBytes(value);
    case "cores":
      return counted(value, "core");
    case "count":
    case "number":
      return digits(value);
  }
}

/** "1 gap", "2 gaps". */
export const counted = (count: number, one: string): string =>
  `${digits(count)} ${one}${count === 1 ? "" : "s"}`;

/** A plain number of three significant digits. */
export const formatNumber = (value: number): string => digits(value);

function digits(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function formatBytes(value: number): string {
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.max(0, Math.min(names.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  return `${digits(value / 1024 ** power)} ${names[power]}`;
}
