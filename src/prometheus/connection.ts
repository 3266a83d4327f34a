import { readFileSync } from "node:fs";
import { InputError, messageOf } from "../model/problem.ts";

/** How to reach a Prometheus-compatible server. Secrets are here and in no message, log or file. */
export interface Connection {
  /** Base URL, a path prefix such as /prometheus or /select/0/prometheus included. */
  readonly url: string;
  /** Sent with every query: a store's own settings, such as Thanos's `partial_response` and `max_source_resolution`. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly basic: { readonly username: string; readonly password: string } | null;
  /** PEM texts of a private CA and of a client certificate (mTLS). */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * A connection from its URL and the environment: HEADROOM_PROMETHEUS_TOKEN (bearer), _USER and _PASSWORD (basic),
 * _HEADERS ("X-Scope-OrgID: team; X-Other: 1"), _CA, _CERT and _KEY (paths of PEM files). User and password may also
 * stand in the URL, and so may parameters for every query. Throws an InputError with everything that is wrong.
 */
export function connectionFrom(url: string, env: Env): Connection {
  const problems: { what: string; message: string; remedy: string }[] = [];
  const named = (suffix: string) => env[`HEADROOM_PROMETHEUS_${suffix}`] || undefined;
  const readFile = (suffix: string) => {
    const path = named(suffix);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, "utf8");
    } catch (thrown) {
      problems.push({
        what: `HEADROOM_PROMETHEUS_${suffix}`,
        message: messageOf(thrown),
        remedy: "Name a readable PEM file",
      });
      return undefined;
    }
  };
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw InputError.option("--prometheus is not an http(s) URL", "Write it like http://127.0.0.1:9090");
  }
  const { username, password } = new URL(url);
  const user = username ? decodeURIComponent(username) : named("USER");
  const token = named("TOKEN");
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  bare.search = "";
  bare.hash = "";
  const connection: Connection = {
    url: bare.toString(),
    params: Object.fromEntries(new URL(url).searchParams),
    headers: {
      ...parseHeaders(named("HEADERS") ?? "", (message) =>
        problems.push({
          what: "HEADROOM_PROMETHEUS_HEADERS",
          message,
          remedy: 'Write it like "X-Scope-OrgID: team; X-Other: 1"',
        }),
      ),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    basic:
      user === undefined
        ? null
        : { username: user, password: password ? decodeURIComponent(password) : (named("PASSWORD") ?? "") },
    ca: readFile("CA"),
    cert: readFile("CERT"),
    key: readFile("KEY"),
  };
  if ((connection.cert === undefined) !== (connection.key === undefined) && problems.length === 0) {
    problems.push({
      what: "HEADROOM_PROMETHEUS_CERT",
      message: "a client certificate needs its key, and a key its certificate",
      remedy: "Set both _CERT and _KEY",
    });
  }
  if (problems.length > 0)
    throw new InputError(problems.map(({ what, message, remedy }) => ({ file: what, message, remedy })));
  return connection;
}

function parseHeaders(text: string, complain: (message: string) => void): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const part of text
    .split(";")
    .map((one) => one.trim())
    .filter(Boolean)) {
    const match = /^([\w-]+)\s*:\s*(.+)$/.exec(part);
    if (match) headers[match[1] as string] = match[2] as string;
    // The text itself may be a secret: only its place is said.
    else complain("has a part that is no header");
  }
  return headers;
}
