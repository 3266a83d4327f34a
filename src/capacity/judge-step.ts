import { formatQuantity } from "../model/unit.ts";
import type { Backlog } from "./backlog.ts";
import type { Kept } from "./sla.ts";
import type { StepReason, StepResult } from "./step.ts";

/** Standard deviations beyond which a backlog grows: by chance alone once in 700 steps at the very limit. */
const GROWS = 3;
/** Beyond so many it may: the step says nothing. */
const MAY_GROW = 2;
/** Growth below this share of what was due breaks nothing. */
const LEAST_GROWTH = 0.02;
/** What a step that holds may have been spared by chance, standard deviations: once in 90. */
const SPARED = 2.3;
/** A step that may have been spared more than this share says nothing. */
const MOST_DOUBT = 0.2;
/** A target that answers within this of its lightest load has hardly a queue; its SLA must be as far away. */
const CALM = 1.15;
const ROOM = 0.75;
/** Chance has to hide a queue there, not only to hold it: it weighs so much less. */
const CALM_DOUBT = 0.3;
/** Calm is told from ten iterations on: before, a queue may only be about to grow. */
const CALM_TELLING = 0.9;
/** So many times the SLA is no matter of chance. */
const FAR_BEYOND = 4;
/** An endpoint that falls behind by this share and so many deviations was not offered as the journey has it. */
const OTHER_MIX = 0.1;
const OTHER_MIX_DEVIATIONS = 4;

export type Verdict = Pick<StepResult, "valid" | "holds" | "reason" | "brokenBy" | "atLeast" | "atMost">;

export interface Seen {
  readonly offered: number;
  readonly achieved: number;
  readonly seconds: number;
  readonly kept: readonly Kept[];
  readonly backlog: Backlog | null;
  /** Mean latency over that at the lightest load, of the endpoint that became slowest; null: not known. */
  readonly slower: number | null;
  /** Whether latency climbed through the step. */
  readonly climbs: string | null;
  /** What the generator lacked or suffered. */
  readonly own: string | null;
}

export const saysNothing = (reason: StepReason, brokenBy: string): Verdict => ({
  valid: false,
  holds: null,
  reason,
  brokenBy,
  atLeast: null,
  atMost: null,
});

const breaks = (reason: StepReason, brokenBy: string, atMost: number): Verdict => ({
  valid: true,
  holds: false,
  reason,
  brokenBy,
  atLeast: null,
  atMost,
});

/** What a step says of the target: it holds, it breaks, or nothing. */
export function judgeStep(seen: Seen): Verdict {
  const { offered, kept, backlog, own } = seen;
  const breaking = kept.find(({ status }) => status === "broken");
  const grows = backlog !== null && isGrowing(backlog);
  if ((breaking || grows) && own !== null) return saysNothing("generator", own);
  if (breaking) {
    const isSure = grows || breaking.ofLimit >= FAR_BEYOND;
    return breaks(breaking.what, breaking.text, offered * (isSure ? 1 : 1 + doubtOf(backlog)));
  }
  const unknown = kept.find(({ status }) => status === "unknown");
  if (unknown) return saysNothing("samples", unknown.text);
  if (grows) {
    const answered = formatQuantity(backlog.answered / backlog.seconds, "per-second");
    return breaks("throughput", `throughput: ${answered} are answered, a queue grows`, offered);
  }
  return judgeSteady(seen);
}

const isGrowing = ({ growth, chance, due }: Backlog) =>
  growth > GROWS * chance && growth > LEAST_GROWTH * due;

/** The share of its requests that chance may have spared or cost a step. */
const doubtOf = (backlog: Backlog | null) =>
  backlog === null ? MOST_DOUBT : (SPARED * backlog.chance) / backlog.telling;

/** Nothing broke: whether that is because the target takes the rate. */
function judgeSteady({ offered, achieved, seconds, kept, backlog, slower, climbs }: Seen): Verdict {
  const missing = (offered - achieved) * seconds;
  if (achieved < 0.97 * offered && missing > 2 * Math.sqrt(offered * seconds)) {
    const [made, of] = [formatQuantity(achieved, "per-second"), formatQuantity(offered, "per-second")];
    return saysNothing("generator", `generator: ${made} of ${of} were made`);
  }
  if (backlog === null)
    return saysNothing("samples", "too short: what is in flight cannot be followed through the step");
  const { growth, chance, due, telling, behind } = backlog;
  if (behind !== null && behind.share > OTHER_MIX && behind.deviations > OTHER_MIX_DEVIATIONS)
    return saysNothing(
      "mix",
      `mix: of ${behind.endpoint} ${formatQuantity(1 - behind.share, "ratio")} of what was due is answered`,
    );
  if (climbs !== null) return saysNothing("unsettled", climbs);
  if (growth > MAY_GROW * chance)
    return saysNothing(
      "unsettled",
      `not settled: ${Math.round(growth)} of ${Math.round(due)} requests are not answered yet`,
    );
  const isCalm =
    slower !== null &&
    slower <= CALM &&
    telling >= CALM_TELLING * due &&
    kept.every(({ what, ofLimit }) => what === "errors" || ofLimit <= ROOM);
  const doubt = (Math.max(0, growth) / telling + doubtOf(backlog)) * (isCalm ? CALM_DOUBT : 1);
  if (doubt > MOST_DOUBT)
    return saysNothing(
      "unsettled",
      `not settled: ${Math.round(due)} requests leave ${formatQuantity(doubtOf(backlog), "ratio")} to chance`,
    );
  return {
    valid: true,
    holds: true,
    reason: null,
    brokenBy: null,
    atMost: null,
    atLeast: offered * (1 - doubt),
  };
}
