import { OWN_CODES } from "../../model/own-errors.ts";
import type { Call, Reply, User } from "./user-pool.ts";

/** Node's codes of answers that never came, in the words that k6's have (src/engines/k6/exit-codes.ts). */
const KINDS: Readonly<Record<string, string>> = {
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ECONNREFUSED: "connection refused",
  ETIMEDOUT: "connection timed out",
  ENOTFOUND: "no such host",
  ...OWN_CODES,
};

/** A connection idle for so long is asked whether it was closed meanwhile before anything is written to it. */
const IDLE_MS = 5;

/** Methods that may be sent again, and headers that make any method such (Go, net/http, Request.isReplayable). */
const REPLAYABLE = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const REPLAYABLE_BY = /^(x-)?idempotency-key$/i;

interface SocketError extends Error {
  readonly code?: string;
  readonly syscall?: string;
}

interface AnswerHead {
  readonly statusCode: number;
  readonly shouldKeepAlive: boolean;
}

/**
 * The parts of autocannon's client that are used. autocannon decides by itself when a request goes out
 * (`_doRequest`, after each answer) and when to reconnect (`_connect`, at once and for ever); an arrival rate with
 * think time has to decide the first, and a dead target must not be stormed by the second, so both are taken over
 * per client. autocannon is pinned to an exact version for this reason, and tests drive it against real servers.
 */
export interface RawClient {
  on(event: "connError", listener: (error: SocketError) => void): void;
  on(event: "timeout", listener: () => void): void;
  on(event: "headers", listener: (head: AnswerHead) => void): void;
  _doRequest(): void;
  _connect(): void;
  _destroyConnection(): void;
  setRequests(requests: readonly object[]): void;
  readonly pipelinedRequests: { terminateRequest(): object | undefined };
  readonly parser: {
    readonly state: string;
    execute(chunk: Buffer): unknown;
    finish(): void;
    reinitialize(type: string): void;
  };
}

interface Pending {
  readonly call: Call;
  readonly startedAtMs: number;
  /** The connection was opened for this request. */
  isFresh: boolean;
  /** A byte of the answer has come. */
  hasBegun: boolean;
  readonly resolve: (reply: Reply) => void;
}

/** Why a connection is no more. */
interface Loss {
  readonly kind: string;
  /** Whether a request may have reached the target on it. */
  readonly isWritten: boolean;
  readonly isConnected: boolean;
}
/** For autocannon's own statistics, which nobody reads. */
const NO_REQUEST = { headers: { statusCode: 100 }, body: "", bytes: 0, duration: 0 };
const CLOSED: Loss = { kind: "connection closed", isWritten: true, isConnected: true };

/**
 * One connection, taken over as one virtual user. It lives as Go's does (net/http/transport.go), so that both engines
 * count the same failures: it ends with an answer that says so; and a request that met a connection just closed is
 * sent once more on a new one, if it may be repeated or never left. Any other loss is the target's failure.
 */
export class Connection implements User {
  readonly #client: RawClient;
  readonly #send: () => void;
  readonly #connect: () => void;
  #isOpen = false;
  #keepsAlive = true;
  /** False while what came is only 100 or 103, which the answer follows. */
  #isFinal = true;
  #lastUsedMs = 0;
  #loss: Loss | null = null;
  #pending: Pending | null = null;

  constructor(client: RawClient) {
    this.#client = client;
    this.#send = client._doRequest.bind(client);
    this.#connect = client._connect.bind(client);
    client._doRequest = () => {};
    client._connect = () => {
      client._connect = () => this.#lost();
      this.#isOpen = true;
      this.#connect();
    };
    client.on("connError", ({ code, syscall, message }) => {
      const kind = KINDS[code ?? ""] ?? code ?? message;
      this.#loss = {
        kind,
        isWritten: syscall !== "write",
        isConnected: syscall === "read" || syscall === "write",
      };
    });
    client.on("timeout", () => this.#fail("request timed out"));
    client.on("headers", ({ statusCode, shouldKeepAlive }) => {
      this.#isFinal = statusCode >= 200;
      this.#keepsAlive = shouldKeepAlive;
    });
    this.#watchAnswers();
  }

  async call(call: Call): Promise<Reply> {
    if (this.#isOpen && performance.now() - this.#lastUsedMs > IDLE_MS)
      await new Promise((resolve) => setImmediate(resolve));
    return await new Promise((resolve) => {
      this.#pending = { call, startedAtMs: performance.now(), isFresh: false, hasBegun: false, resolve };
      this.#transmit(this.#pending);
    });
  }

  #transmit(pending: Pending): void {
    if (!this.#isOpen) {
      pending.isFresh = true;
      this.#reconnect();
    }
    const { method, path, headers, body } = pending.call;
    const onResponse = (status: number, text: string, _: object, answered: Reply["headers"]) => {
      this.#settle({ status, body: text, headers: answered, error: null });
      if (!this.#keepsAlive) this.#isOpen = false;
    };
    this.#client.setRequests([{ method, path, headers, ...(body === null ? {} : { body }), onResponse }]);
    this.#send();
  }

  #reconnect(): void {
    // Takes the listeners off the old one, whose end would otherwise be taken for the new one's.
    this.#client._destroyConnection();
    this.#client.parser.reinitialize("RESPONSE");
    this.#isOpen = true;
    this.#keepsAlive = true;
    this.#loss = null;
    this.#connect();
  }

  /** The connection has ended, as autocannon tells by wanting another. */
  #lost(): void {
    const { parser } = this.#client;
    const loss = this.#loss;
    // An answer without a length ends with its connection.
    if (loss === null && this.#pending !== null && parser.state === "BODY_RAW") parser.finish();
    this.#isOpen = false;
    const pending = this.#pending;
    if (pending === null) return;
    // After a timeout autocannon reconnects first and tells then: whoever knows the reason goes first.
    queueMicrotask(() => {
      if (this.#pending !== pending) return;
      const { kind, isWritten, isConnected } = loss ?? CLOSED;
      const isUnanswered = isConnected && !pending.isFresh && !pending.hasBegun;
      if (isUnanswered && (!isWritten || isReplayable(pending.call))) this.#transmit(pending);
      else this.#fail(kind);
    });
  }

  #fail(error: string): void {
    this.#settle({ status: 0, body: "", headers: {}, error });
  }

  #settle(reply: Omit<Reply, "durationMs">): void {
    const pending = this.#pending;
    this.#pending = null;
    this.#lastUsedMs = performance.now();
    pending?.resolve({ ...reply, durationMs: this.#lastUsedMs - pending.startedAtMs });
  }

  /** Sees the first byte of an answer, what is no HTTP, and what nobody asked for (a 408 on an idle connection). */
  #watchAnswers(): void {
    const { parser, pipelinedRequests } = this.#client;
    const execute = parser.execute.bind(parser);
    parser.execute = (chunk) => {
      if (this.#pending === null) {
        this.#isOpen = false;
        return chunk.length;
      }
      this.#pending.hasBegun = true;
      const parsed = execute(chunk);
      if (parsed instanceof Error) {
        this.#isOpen = false;
        this.#fail("malformed answer");
      }
      return parsed;
    };
    const terminate = pipelinedRequests.terminateRequest.bind(pipelinedRequests);
    // autocannon takes for granted that every answer has its request, and every request one answer.
    pipelinedRequests.terminateRequest = () => (this.#isFinal ? terminate() : undefined) ?? NO_REQUEST;
  }
}

const isReplayable = ({ method, headers }: Call) =>
  REPLAYABLE.has(method) || Object.keys(headers).some((name) => REPLAYABLE_BY.test(name));
