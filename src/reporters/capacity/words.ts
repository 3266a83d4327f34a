import { type Capacity, type LoadPoint, throughputAt } from "../../model/capacity.ts";
import { formatNumber } from "../../model/unit.ts";
import { limiterWords } from "../words.ts";

/** What the law says of a system, in sentences. */
export function describeUsl(usl: Capacity["usl"], points: readonly LoadPoint[]): string[] {
  if ("refused" in usl) return [`no scalability law: ${usl.refused}`];
  const measured = Math.max(...points.map(({ concurrency }) => concurrency));
  const share = (value: number) => `${formatNumber(value * 100)}%`;
  const worse =
    usl.beta === 0 && usl.alpha < 1e-4
      ? "it scales in proportion as far as was measured"
      : usl.beta * measured > usl.alpha
        ? "coherency weighs most: work waits for other work to agree, and more load makes it slower"
        : "contention weighs most: work queues for something there is one of";
  const peak =
    usl.peakConcurrency === null
      ? "throughput never falls"
      : `throughput peaks at ${formatNumber(usl.peakConcurrency)} in flight, ${formatNumber(throughputAt(usl, usl.peakConcurrency))}/s${usl.peakConcurrency > 2 * measured ? `, far outside the ${formatNumber(measured)} that were measured: do not rely on it` : ""}`;
  return [
    `scalability law: contention ${share(usl.alpha)}, coherency ${share(usl.beta)}, ${formatNumber(usl.gamma)}/s for one in flight`,
    `${worse}; ${peak}`,
  ];
}

/** "128–134 requests/s hold the SLA (p95, error-ratio), 64–67 per instance; beyond, latency: p95 …". */
export function capacitySentence(capacity: Capacity): string {
  const { maxRatePerSecond, instances, limitedBy, limiter, settled, sla } = capacity;
  const { low, high } = maxRatePerSecond;
  const why = limiter === undefined ? limitedBy : limiterWords(limiter.passesPerSecond);
  const judged = `the SLA (${sla.join(", ")})`;
  const each = (a: number, b: number) =>
    instances > 1 ? `, ${range(a / instances, b / instances)} per instance` : "";
  if (capacity.bound === "less-than")
    return `less than ${formatNumber(high)} requests/s hold ${judged}${each(high, high)}: ${why}; no rate was seen to hold`;
  if (low === 0) return `no rate that was tried held ${judged}: ${why}`;
  if (low === high)
    return `at least ${formatNumber(low)} requests/s hold ${judged}${each(low, low)}; the limit was not found (${why})`;
  return `${range(low, high)} requests/s hold ${judged}${each(low, high)}; beyond, ${why}${settled ? "" : "; not settled within the time"}`;
}

const range = (a: number, b: number) => (a === b ? formatNumber(a) : `${formatNumber(a)}–${formatNumber(b)}`);
