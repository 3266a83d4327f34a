import { z } from "zod";
import { formatNumber, formatQuantity, GIB } from "../../model/unit.ts";
import { findClass, type InstanceClass, smallestClass } from "../catalogue.ts";
import { SESSION_BYTES } from "./connections.ts";
import { name, share } from "./params.ts";
import { applyRule, operatorsRuleOf, Rule } from "./rule.ts";
import { type Driver, defineSizer, isRefused, type Refused, type SizingContext } from "./sizer.ts";

const Params = z
  .strictObject({
    current: z.string().describe("Class of the catalogue that runs today."),
    families: z.array(z.string()).min(1).describe("Families to choose from, the preferred first."),
    cpu: name.optional().describe("Signal of the cores the database uses."),
    target: share
      .default(0.7)
      .describe("Share of the vCPUs that may be used in the busy hour. Default: 70%."),
    rule: z
      .strictObject({
        demand: name.describe("Signal that the rule is applied to."),
        rule: Rule.describe("vCPUs by demand."),
      })
      .optional()
      .describe("The operators' rule for vCPUs."),
    connections: name
      .optional()
      .describe("Resource of the connections, sized earlier, where the class's default is the limit."),
  })
  .refine((one) => one.cpu !== undefined || one.rule !== undefined || one.connections !== undefined, {
    message: "give at least one of cpu, rule and connections",
  });
type Params = z.infer<typeof Params>;

/** The instance class of a database: vCPUs by use or by rule, and enough memory for its connections. */
export const databaseClass = defineSizer<Params>({
  describes:
    "class of a database from the catalogue: vCPUs by use or rule, and the connections its memory allows",
  params: Params,
  reads: ({ cpu, rule, connections }) => ({
    signals: [cpu, rule?.demand].filter((one) => one !== undefined),
    resources: connections === undefined ? [] : [connections],
    units: [{ signal: cpu, unit: "cores" }],
  }),
  size(params, context) {
    const { catalogue } = context;
    const current = findClass(catalogue, params.current);
    if (current === null) return { refused: `the catalogue has no class "${params.current}"` };
    const largest = smallestClass(
      catalogue,
      params.families,
      (one) =>
        !catalogue.classes.some((other) => params.families.includes(other.family) && other.vcpu > one.vcpu),
    );
    if (largest === null)
      return { refused: `the catalogue has none of the families ${params.families.join(", ")}` };
    const made = [
      byCpu(params, current, context),
      byRuleOf(params, current, context),
      byConnections(params, context),
    ];
    const refused = made.find((one) => one !== null && isRefused(one));
    if (refused && isRefused(refused)) return refused;
    const drivers = made.filter((one): one is Driver => one !== null && !isRefused(one));
    const fleet = params.connections === undefined ? null : context.resource(params.connections);
    const connectionsAtEnd = fleet === null || isRefused(fleet) ? 0 : (fleet.levels.p90.at(-1) as number);
    const holds = holding(params, context);
    const choose = (need: number) =>
      smallestClass(
        catalogue,
        params.families,
        (one) => one.vcpu >= need - 1e-9 && holds(one, connectionsAtEnd),
      );
    const path = params.rule && context.demand(params.rule.demand);
    return {
      unit: "vCPU",
      current: current.vcpu,
      currentName: current.name,
      drivers: drivers as [Driver, ...Driver[]],
      choose: (need) => {
        // A class that is large enough stays: another family of the same size is no reason to move.
        const keeps = current.vcpu >= need - 1e-9 && holds(current, connectionsAtEnd);
        const chosen = keeps ? current : (choose(need) ?? largest);
        return { value: chosen.vcpu, name: chosen.name };
      },
      why: [
        `catalogue of ${catalogue.asOf}: ${current.name} has ${current.vcpu} vCPU, ${current.memoryGiB} GiB${isSet(params, context) ? "" : `, ${current.maxConnections} connections by default`}`,
      ],
      warn: (need) =>
        choose(need) === null
          ? [
              `no class of ${params.families.join(", ")} has ${formatNumber(need)} vCPU and ${formatNumber(connectionsAtEnd)} connections: shard, cache or add replicas`,
            ]
          : [],
      operatorsRule:
        params.rule && path && !isRefused(path)
          ? operatorsRuleOf(params.rule.rule, path.operators, params.rule.demand)
          : null,
    };
  },
});

function byCpu(
  { cpu, target }: Params,
  current: InstanceClass,
  context: SizingContext,
): Driver | Refused | null {
  if (cpu === undefined) return null;
  const path = context.demand(cpu);
  if (isRefused(path)) return path;
  return {
    name: "CPU",
    levels: path,
    margins: () => [{ name: `${formatQuantity(target, "ratio")} of the vCPUs in use`, factor: 1 / target }],
    need: (level: number) => level / target,
    capacity: { value: current.vcpu * target, unit: "cores in use", source: "inferred" },
    why: [
      `CPU: ${formatQuantity(path.p90.at(-1) as number, "cores")} in use at p90 of the horizon, ${formatQuantity(target, "ratio")} of the vCPUs may be`,
    ],
  };
}

function byRuleOf(
  { rule: given }: Params,
  current: InstanceClass,
  context: SizingContext,
): Driver | Refused | null {
  if (given === undefined) return null;
  const path = context.demand(given.demand);
  if (isRefused(path)) return path;
  const { rule, demand } = given;
  return {
    name: `rule on ${demand}`,
    levels: path,
    evidence: "rule",
    need: (level: number) => Math.ceil(applyRule(rule, level) - 1e-9),
    capacity: { value: (current.vcpu / rule.gives) * rule.each, unit: path.unit, source: "documented" },
    why: [
      `documented: ${formatNumber(rule.gives)} vCPU per ${formatNumber(rule.each)} of ${demand}, at least ${formatNumber(rule.atLeast)}; ${formatNumber(path.p90.at(-1) as number)} at p90 of the horizon`,
    ],
  };
}

/** max_connections is set by hand, and no class's default. */
function isSet({ connections }: Params, { resource }: SizingContext): boolean {
  const fleet = connections === undefined ? null : resource(connections);
  return fleet !== null && !isRefused(fleet) && fleet.line.currentName === null;
}

/**
 * Whether a class takes so many connections: by its default, or, where the number is set by hand, by the memory that
 * sessions take. Half of it may be theirs: a quarter is shared buffers, a quarter the system's.
 */
function holding(
  params: Params,
  context: SizingContext,
): (one: InstanceClass, connections: number) => boolean {
  return isSet(params, context)
    ? ({ memoryGiB }, connections) => connections * SESSION_BYTES <= (memoryGiB * GIB) / 2
    : ({ maxConnections }, connections) => maxConnections >= connections;
}

/** The vCPUs of the smallest class that allows as many connections. */
function byConnections(params: Params, context: SizingContext): Driver | Refused | null {
  const { connections, families } = params;
  const { catalogue } = context;
  if (connections === undefined) return null;
  const fleet = context.resource(connections);
  if (isRefused(fleet)) return fleet;
  const most = Math.max(...catalogue.classes.map(({ vcpu }) => vcpu));
  const holds = holding(params, context);
  const how = isSet(params, context)
    ? `sessions of about ${formatQuantity(SESSION_BYTES, "bytes")} in half of the memory`
    : "as default of the class";
  return {
    name: "connections",
    levels: fleet.levels,
    evidence: fleet.isMeasured ? "measured" : "rule",
    need: (level: number) => smallestClass(catalogue, families, (one) => holds(one, level))?.vcpu ?? most,
    capacity: {
      value: fleet.line.current ?? 0,
      unit: isSet(params, context) ? "connections as set" : "connections by default",
      source: "documented",
    },
    why: [
      `connections: ${formatNumber(fleet.levels.p90.at(-1) as number)} needed at p90 of the horizon, ${how}`,
    ],
  };
}
