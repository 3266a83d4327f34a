import type { Reach } from "../../model/address.ts";
import { mayFollow } from "./may-follow.ts";
import { type Call, openUsers, type Reply, type User, type UserPool } from "./user-pool.ts";

const KEPT_HOSTS = 20;
/** What k6 says of a request that may not be sent to where it was redirected. */
const NOT_ALLOWED: Reply = { status: 0, durationMs: 0, body: "", headers: {}, error: "host not allowed" };

/** Connections to the addresses that the target redirects to beside its own. */
export class Elsewhere {
  readonly #target: URL;
  readonly #reach: Reach;
  readonly #timeoutSeconds: number;
  readonly #pools: UserPool[] = [];
  readonly #idle = new Map<string, User[]>();
  /** Requests that were not sent, by host. */
  readonly #refused = new Map<string, number>();

  constructor(target: URL, reach: Reach, timeoutSeconds: number) {
    this.#target = target;
    this.#reach = reach;
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** Sends to an address that a redirect named: by the user itself where it is the target's own. */
  async send(user: User, to: URL, call: Call): Promise<Reply> {
    if (to.origin === this.#target.origin) return await user.call(call);
    if (!mayFollow(this.#target, to, this.#reach)) {
      this.#refused.set(to.hostname, (this.#refused.get(to.hostname) ?? 0) + 1);
      return NOT_ALLOWED;
    }
    const idle = this.#idle.get(to.origin) ?? [];
    this.#idle.set(to.origin, idle);
    const other = idle.pop() ?? this.#open(to.origin);
    try {
      return await other.call(call);
    } finally {
      idle.push(other);
    }
  }

  /** Hosts that nobody allowed; the most frequent first. */
  refusedHosts(): { host: string; address: string; requests: number }[] {
    return [...this.#refused]
      .map(([host, requests]) => ({ host, address: host, requests }))
      .sort((a, b) => b.requests - a.requests)
      .slice(0, KEPT_HOSTS);
  }

  #open(origin: string): User {
    const pool = openUsers(origin, 1, this.#timeoutSeconds);
    this.#pools.push(pool);
    return pool.users[0] as User;
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()));
  }
}
