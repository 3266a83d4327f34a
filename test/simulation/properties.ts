import type { Verdict } from "../../src/model/verdict.ts";
import type { Flaw } from "./flaws.ts";
import type { Truth } from "./truth-of-criterion.ts";

/** What the oracle says of a run. */
export interface Opinion {
  /** Of gate criteria that speak of the load. */
  readonly truths: readonly Truth[];
  readonly flaws: readonly Flaw[];
}

export interface Violation {
  readonly property:
    | "false-pass"
    | "false-fail"
    | "needless-inconclusive"
    | "missed"
    | "wrong-reason"
    | "wrong-refusal"
    | "crash";
  /** What kind it is of: those of one kind have one cause, as a rule. */
  readonly kind: string;
}

/** Where a verdict is not what the world allows. */
export function violationsOf(verdict: Verdict, { truths, flaws }: Opinion): Violation[] {
  const found: Violation[] = [];
  const add = (property: Violation["property"], kind: string) => found.push({ property, kind });
  const sure = flaws.filter(({ is }) => is === "yes");
  const broken = truths.filter((truth) => brokenness(truth, flaws) === "yes");
  const unshown = truths.filter(({ shown }) => shown === "no");
  if (verdict.status === "pass") {
    for (const { name } of sure) add("false-pass", name);
    for (const { id } of broken) add("false-pass", `broken ${kindOf(id)}`);
    for (const { id } of unshown) add("false-pass", `unshown ${kindOf(id)}`);
    if (truths.length === 0) add("false-pass", "nothing-judged");
  }
  const failed = verdict.criteria.filter(({ status }) => status === "fail").map(({ id }) => id);
  if (verdict.status === "fail" && truths.every((truth) => brokenness(truth, flaws) === "no"))
    add("false-fail", failed.map(kindOf).join());
  const isDecided = truths.length > 0 && truths.every(({ shown }) => shown === "yes");
  if (verdict.status === "inconclusive" && flaws.length === 0 && isDecided)
    add(broken.length > 0 ? "missed" : "needless-inconclusive", codesOf(verdict));
  const planted = new Set([
    ...flaws.flatMap(({ codes }) => codes),
    ...(isDecided ? [] : ["no-data", "nothing-judged", "undecided"]),
  ]);
  for (const { code } of verdict.reasons) if (!planted.has(code)) add("wrong-reason", code);
  return found;
}

/** The service's own where what stands between is known to have been there; else as it was seen. */
function brokenness({ broken }: Truth, flaws: readonly Flaw[]): Truth["broken"]["service"] {
  const excuses = flaws.filter((flaw) => flaw.excuses);
  if (excuses.some(({ is }) => is === "yes")) return broken.service;
  if (excuses.length > 0) return broken.service === "yes" ? "yes" : "either";
  return broken.seen;
}

const kindOf = (id: string) => id.replace(/-\d+$/, "");
const codesOf = ({ reasons }: Verdict) => [...new Set(reasons.map(({ code }) => code))].sort().join();
