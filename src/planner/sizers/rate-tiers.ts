import { z } from "zod";
import { formatQuantity } from "../../model/unit.ts";
import { bytes, cores, name, rate } from "./params.ts";
import { defineSizer, isRefused } from "./sizer.ts";

const Tier = z.strictObject({
  below: rate.optional().describe("Rate from which on the next tier is needed; the last tier has none."),
  cores: cores.describe("Cores of an instance in this tier."),
  memory: bytes.describe("Memory of an instance in this tier."),
});

const Params = z
  .strictObject({
    demand: name.describe("Signal of the request rate, per second."),
    current: cores.describe("Cores of an instance today."),
    tiers: z.array(Tier).min(2).describe("The operators' table, the lowest rate first."),
  })
  .refine(
    ({ tiers }) => tiers.every(({ below }, index) => (below === undefined) === (index === tiers.length - 1)),
    { path: ["tiers"], message: "every tier but the last needs `below`, and the last has none" },
  )
  .refine(
    ({ tiers }) =>
      tiers.every(
        ({ below }, index) => index === 0 || below === undefined || below > (tiers[index - 1]?.below ?? 0),
      ),
    { path: ["tiers"], message: "each tier's `below` is above that of the tier before it" },
  )
  .refine(
    ({ tiers }) => tiers.every(({ cores }, index) => index === 0 || cores >= (tiers[index - 1]?.cores ?? 0)),
    { path: ["tiers"], message: "no tier has fewer cores than the tier before it" },
  );

/** Size of an instance by the operators' table of request rates. */
export const rateTiers = defineSizer<z.infer<typeof Params>>({
  describes: "size of an instance by a table of request rates",
  params: Params,
  reads: ({ demand }) => ({ signals: [demand], units: [{ signal: demand, unit: "per-second" }] }),
  size({ demand, current, tiers }, context) {
    const path = context.demand(demand);
    if (isRefused(path)) return path;
    const tierFor = (level: number) =>
      tiers.find(({ below }) => below === undefined || level < below) ??
      (tiers.at(-1) as (typeof tiers)[number]);
    const nameOf = (tier: (typeof tiers)[number]) =>
      `${formatQuantity(tier.cores, "cores")} / ${formatQuantity(tier.memory, "bytes")}`;
    const table = tiers
      .map((tier) =>
        tier.below === undefined
          ? `else ${nameOf(tier)}`
          : `below ${formatQuantity(tier.below * 60, "number")}/min ${nameOf(tier)}`,
      )
      .join(", ");
    const bears = tiers.filter((tier) => tier.cores <= current).at(-1);
    const theirs = path.operators;
    return {
      unit: "cores per instance",
      current,
      drivers: [
        {
          name: "request rate",
          levels: path,
          evidence: "rule",
          need: (level) => tierFor(level).cores,
          capacity: {
            value: bears?.below ?? path.p90.at(-1) ?? 0,
            unit: "per-second at today's size",
            source: "documented",
          },
          why: [
            `${formatQuantity((path.p90.at(-1) as number) * 60, "number")} requests/min at p90 of the horizon; the operators' table: ${table}`,
          ],
        },
      ],
      choose: (need) => {
        const tier = tiers.find((one) => one.cores >= need) ?? (tiers.at(-1) as (typeof tiers)[number]);
        return { value: tier.cores, name: nameOf(tier) };
      },
      operatorsRule: {
        value: theirs === null ? null : tierFor(theirs).cores,
        formula: `the same table${theirs === null ? "" : ` at ${formatQuantity(theirs * 60, "number")}/min`}`,
      },
    };
  },
});
