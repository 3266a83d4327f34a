import autocannon from "autocannon";
import { Connection, type RawClient } from "./connection.ts";

/** What came back for one request. */
export interface Reply {
  /** 0 when no answer came. */
  readonly status: number;
  readonly durationMs: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Why no answer came. */
  readonly error: string | null;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** One keep-alive connection that sends a request when it is told to, as one virtual user does. */
export interface User {
  call(request: Call): Promise<Reply>;
}

export interface UserPool {
  readonly users: readonly User[];
  close(): Promise<void>;
}

/** Opens `count` connections to the target through autocannon. */
export function openUsers(target: string, count: number, timeoutSeconds: number): UserPool {
  const users: User[] = [];
  let instance: { stop(): void } | undefined;
  const closed = new Promise<void>((resolve) => {
    instance = autocannon(
      {
        url: target,
        connections: count,
        duration: 7 * 24 * 3600, // close() ends it
        timeout: timeoutSeconds,
        setupClient: (client) => users.push(new Connection(client as unknown as RawClient)),
      },
      () => resolve(),
    ) as unknown as { stop(): void };
  });
  return {
    users,
    close: async () => {
      instance?.stop();
      await closed;
    },
  };
}
