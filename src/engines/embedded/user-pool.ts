import autocannon from "autocannon";
import { NO_FILES, NO_PORTS } from "../../model/own-errors.ts";

/** Node's codes of answers that never came, in the words that k6's have (src/engines/k6/exit-codes.ts). */
const KINDS: Readonly<Record<string, string>> = {
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ECONNREFUSED: "connection refused",
  ETIMEDOUT: "connection timed out",
  ENOTFOUND: "no such host",
  EMFILE: NO_FILES,
  ENFILE: NO_FILES,
  EADDRNOTAVAIL: NO_PORTS,
};

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

/**
 * The parts of autocannon's client that are used. autocannon decides by itself when a request goes out
 * (`_doRequest`, after each answer) and when to reconnect (`_connect`, at once and for ever); an arrival rate with
 * think time has to decide the first, and a dead target must not be stormed by the second, so both are taken over
 * per client. autocannon is pinned to an exact version for this reason, and tests drive it against real servers.
 */
interface RawClient {
  on(event: "connError", listener: (error: Error & { code?: string }) => void): void;
  on(event: "timeout", listener: () => void): void;
  _doRequest(): void;
  _connect(): void;
  setRequests(requests: readonly object[]): void;
  readonly pipelinedRequests: { clear(): void };
  readonly parser: { reinitialize(type: string): void };
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
        setupClient: (client) => users.push(takeOver(client as unknown as RawClient)),
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

function takeOver(client: RawClient): User {
  const send = client._doRequest;
  const connect = client._connect;
  let connected: "never" | "yes" | "lost" = "never";
  let settle: ((reply: Omit<Reply, "durationMs">) => void) | null = null;
  const fail = (error: string) => settle?.({ status: 0, body: "", headers: {}, error });

  client._doRequest = () => {};
  client._connect = () => {
    if (connected === "never") {
      connected = "yes";
      connect.call(client);
      return;
    }
    connected = "lost";
    // After a timeout autocannon reconnects first and tells then: whoever knows the reason goes first.
    queueMicrotask(() => fail("connection closed"));
  };
  client.on("connError", (error) => fail(KINDS[error.code ?? ""] ?? error.code ?? error.message));
  client.on("timeout", () => fail("request timed out"));

  const reconnect = () => {
    client.pipelinedRequests.clear();
    client.parser.reinitialize("RESPONSE");
    connected = "yes";
    connect.call(client);
  };
  return {
    call: ({ method, path, headers, body }) =>
      new Promise((resolve) => {
        const startedAt = performance.now();
        settle = (reply) => {
          settle = null;
          resolve({ ...reply, durationMs: performance.now() - startedAt });
        };
        const onResponse = (status: number, text: string, _: object, answered: Record<string, string>) =>
          settle?.({ status, body: text, headers: answered, error: null });
        if (connected === "lost") reconnect();
        client.setRequests([{ method, path, headers, ...(body === null ? {} : { body }), onResponse }]);
        send.call(client);
      }),
  };
}
