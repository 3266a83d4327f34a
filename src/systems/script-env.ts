import { InputError } from "../model/problem.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What k6 and Go need to run, and what a journey's login reads. Everything else must be named. */
const PASSED = new Set(
  [
    ...["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TMP", "TEMP", "TZ", "LANG", "LANGUAGE", "TARGET"],
    ...["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"],
    ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"],
    ...["GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GODEBUG", "GOTRACEBACK"],
    ...[
      "SYSTEMROOT",
      "WINDIR",
      "COMSPEC",
      "PATHEXT",
      "USERPROFILE",
      "APPDATA",
      "LOCALAPPDATA",
      "SYSTEMDRIVE",
    ],
  ].map((name) => name.toUpperCase()),
);
/** The store's credentials, and what would send k6's results, or its log, elsewhere. */
const KEPT =
  /^HEADROOM_PROMETHEUS_|^K6_(CLOUD|PROMETHEUS|INFLUXDB|OTEL|STATSD|KAFKA|OUT$|LOG_OUTPUT$|CONSOLE_OUTPUT$|BLACKLIST_IPS$)|^K6_.*(TOKEN|PASSWORD|SECRET)/;

/**
 * The environment of a script and of the k6 that runs it: a list, so that credentials of a pipeline (a cloud's, a
 * repository's, the store's) reach neither the script nor its dependencies.
 *
 * @param named `NAME` passes a variable on, `NAME=value` sets one
 */
export function scriptEnv(env: Env, named: readonly string[] = []): Record<string, string> {
  const passed = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && isPassed(entry[0]),
  );
  return { ...Object.fromEntries(passed), ...Object.fromEntries(named.map((one) => readNamed(one, env))) };
}

function isPassed(name: string): boolean {
  if (KEPT.test(name)) return false;
  return PASSED.has(name.toUpperCase()) || /^(LC_|K6_|HEADROOM_)/.test(name);
}

function readNamed(text: string, env: Env): [string, string] {
  const [, name = "", value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === "")
    throw InputError.option(
      "an --env is neither a name nor NAME=value", // the text may be a secret
      "Write it like --env SHOP_TOKEN or --env REGION=eu",
    );
  const found = value ?? env[name];
  if (found === undefined)
    throw InputError.option(
      `--env ${name} is not set in this environment`,
      `Set it, or write --env ${name}=value`,
    );
  return [name, found];
}
