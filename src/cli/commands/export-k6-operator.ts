import { join } from "node:path";
import { requireRunId, runnerOrder } from "../../engines/distributed/run-order.ts";
import { bundleForRunner } from "../../engines/k6/bundle.ts";
import { K6_VERSION } from "../../engines/k6/find-k6.ts";
import { renderTestRun } from "../../export/k6-operator.ts";
import { InputError } from "../../model/problem.ts";
import { formatSeconds } from "../../reporters/words.ts";
import { packageRoot } from "../../systems/find-root.ts";
import { criteriaForLoad, findSubject, type SubjectOptions } from "../gate-subject.ts";
import { scalingOf } from "../options.ts";
import { timeStamp } from "../reports-folder.ts";
import { openTerminal, type Terminal } from "../terminal.ts";
import { shownPath, writeWhole } from "../write-files.ts";

export interface OperatorOptions extends SubjectOptions {
  readonly parallelism: number;
  readonly remoteWrite: string;
  readonly runId?: string;
  readonly namespace: string;
  readonly secret?: string;
  readonly image?: string;
  readonly separate?: boolean;
}

/** `headroom export k6-operator <system>`: the load on several generators of a cluster, to be judged as one. */
export async function exportOperator(system: string, options: OperatorOptions): Promise<void> {
  const terminal = openTerminal(options);
  requireBareUrl("--target", options.target);
  requireBareUrl("--remote-write", options.remoteWrite);
  const runId = requireRunId(options.runId ?? `${system}-${timeStamp()}`);
  const subject = await findSubject(system, options);
  const { plan, target, scenario } = subject;
  if (plan === null || target === null) throw new Error("a system's own scenario has a load and a target");
  const criteria = criteriaForLoad(subject);
  const scaling = scalingOf(options);
  const text = renderTestRun({
    runId,
    namespace: options.namespace,
    parallelism: options.parallelism,
    script: await bundleForRunner(subject.script, join(packageRoot(), "scenarios", "lib")),
    plan,
    order: runnerOrder({
      system,
      scenario,
      scaling,
      plan,
      runners: options.parallelism,
      target,
      k6: K6_VERSION,
      criteria,
    }),
    scaling: JSON.stringify(scaling),
    target,
    remoteWrite: options.remoteWrite,
    secret: options.secret ?? `headroom-${system}`,
    image: options.image ?? `grafana/k6:${K6_VERSION}`,
    separate: options.separate === true,
  });
  if (options.out === undefined) terminal.print(text.trimEnd());
  else writeWhole(options.out, text);
  const aborting = criteria.filter(({ abortAfterMs }) => abortAfterMs !== null).map(({ id }) => id);
  if (aborting.length > 0)
    terminal.note(`no generator sees the whole, so none stops the run early: ${aborting.join(", ")}`);
  describe(terminal, options, `${scenario} of ${system}, ${formatSeconds(plan.totalMs)}`, runId);
}

function describe(terminal: Terminal, options: OperatorOptions, load: string, runId: string): void {
  const file = options.out === undefined ? "-" : shownPath(options.out);
  terminal.note(`${load} on ${options.parallelism} generators → ${options.target}`);
  terminal.note(`start it: kubectl apply -f ${file}`);
  terminal.note(`judge it: headroom gate --from-prometheus <url> --run-id ${runId} --wait 10m`);
}

/** The file is made to be committed and shown; what is secret goes into the Secret. */
function requireBareUrl(option: string, url: string | undefined): void {
  if (url === undefined) return;
  if (!URL.canParse(url))
    throw InputError.option(
      `${option} is not a URL`,
      "Write it like http://prometheus.monitoring:9090/api/v1/write",
    );
  const { username, password } = new URL(url);
  if (username === "" && password === "") return;
  throw InputError.option(
    `${option} holds credentials, which would stand in the file`,
    "Put them into the Secret that --secret names: HEADROOM_TOKEN, K6_PROMETHEUS_RW_USERNAME, K6_PROMETHEUS_RW_PASSWORD",
  );
}
