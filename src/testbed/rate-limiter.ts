/** A token bucket per client address, as nginx and API gateways keep; the burst is a tenth of a minute's worth. */
export class RateLimiter {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(perMinute: number) {
    this.#perMs = perMinute / 60_000;
    this.#burst = Math.max(1, perMinute / 10);
  }

  /** null when the request may pass, else seconds until the next one may. */
  refuse(address: string, nowMs: number): number | null {
    const bucket = this.#buckets.get(address) ?? { tokens: this.#burst, atMs: nowMs };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (nowMs - bucket.atMs) * this.#perMs);
    bucket.atMs = nowMs;
    this.#buckets.set(address, bucket);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / this.#perMs / 1000);
    bucket.tokens -= 1;
    return null;
  }
}
