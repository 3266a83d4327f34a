import type { TestbedEndpoint } from "../../scenarios/lib/testbed.ts";
import { normal } from "../stats/random.ts";

const Z95 = 1.644854;

/** ln(p95 / median) / z₀.₉₅: the spread of a log-normal distribution with these two quantiles. */
function sigmaOf({ medianMs, p95Ms }: TestbedEndpoint): number {
  return Math.log(p95Ms / medianMs) / Z95;
}

/** Mean of the log-normal service time, ms: median · exp(σ²/2). */
export function meanServiceMs(endpoint: TestbedEndpoint): number {
  return endpoint.medianMs * Math.exp(sigmaOf(endpoint) ** 2 / 2);
}

export function drawServiceMs(endpoint: TestbedEndpoint, random: () => number): number {
  return endpoint.medianMs * Math.exp(sigmaOf(endpoint) * normal(random));
}
