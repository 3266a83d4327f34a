/** The parts of autocannon's client that are used; autocannon is pinned to an exact version for this reason. */
interface RawClient {
  readonly opts: { readonly pipelining: number };
  on(event: "headers", listener: (head: AnswerHead) => void): void;
  _doRequest(): void;
  _resetConnection(): void;
}

interface AnswerHead {
  readonly statusCode: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly shouldKeepAlive: boolean;
}

/**
 * Tells the head of every answer, and opens a new connection after one that ends its own: autocannon would write the next
 * request onto it and lose that.
 */
export function onAnswerHead(
  given: unknown,
  tell: (status: number, header: (name: string) => string | undefined) => void,
): void {
  const client = given as RawClient;
  let isEnding = false;
  client.on("headers", ({ statusCode, headers, shouldKeepAlive }) => {
    isEnding = !shouldKeepAlive && client.opts.pipelining === 1;
    tell(statusCode, (wanted) => {
      const at = headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === wanted);
      return at < 0 ? undefined : headers[at + 1];
    });
  });
  const send = client._doRequest.bind(client);
  client._doRequest = () => {
    if (!isEnding) return send();
    isEnding = false;
    client._resetConnection();
  };
}
