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
  const range = (a: number, b: number) =>
    a === b ? formatNumber(a) : `${formatNumber(a)}–${formatNumber(b)}`;
  const why = limiter === undefined ? limitedBy : limiterWords(limiter.passesPerSecond);
  if (low === 0) return `no rate that was tried held the SLA (${sla.join(", ")}): ${why}`;
  const each = instances > 1 ? `, ${range(low / instances, high / instances)} per instance` : "";
  if (low === high)
    return `at least ${formatNumber(low)} requests/s hold the SLA (${sla.join(", ")})${each}; the limit was not found (${why})`;
  return `${range(low, high)} requests/s hold the SLA (${sla.join(", ")})${each}; beyond, ${why}${settled ? "" : "; not settled within the time"}`;
}
