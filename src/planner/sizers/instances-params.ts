import { z } from "zod";
import { Nodes, surge } from "./instance-growth.ts";
import { Amounts, bytes, cores, name, share, whole } from "./params.ts";
import { Rule } from "./rule.ts";

const DriverParams = z
  .strictObject({
    name: z.string().min(1).describe("What is short when this driver leads: CPU, memory, concurrency."),
    demand: name.describe("Signal that is served."),
    usage: name
      .optional()
      .describe("Signal of what serving it uses, of all instances together, in cores or bytes."),
    cores: cores.optional().describe("Cores of one instance; with a usage in cores."),
    memory: bytes.optional().describe("Memory of one instance; with a usage in bytes."),
    target: share
      .default(0.7)
      .describe("Share of an instance that may be in use in the busy hour. Default: 70%."),
    isMeasured: z.boolean().default(false).describe("capacity.json, where given, stands for this driver."),
    documented: Rule.optional().describe("The operators' rule: the last resort, and shown beside."),
  })
  .refine(({ cores, memory }) => cores === undefined || memory === undefined, {
    message: "a driver is of cores or of memory: write a driver for each",
  });
export type DriverParams = z.infer<typeof DriverParams>;

export const Params = z
  .strictObject({
    current: whole.describe("Instances that run today."),
    observed: name.optional().describe("Signal of how many run, to hold `current` against."),
    floor: whole.default(1).describe("Never fewer."),
    ceiling: whole
      .optional()
      .describe("Most the autoscaler may start; left out where instances are started by hand."),
    spare: z
      .number()
      .int()
      .nonnegative()
      .max(1000)
      .default(1)
      .describe("Instances that may fail at once: N + spare."),
    zones: whole
      .optional()
      .describe("Instead of spare: the rest must serve all when one of these zones is lost."),
    spread: whole
      .optional()
      .describe("Zones that they are spread over; what the loss of one leaves is told, and buys nothing."),
    requests: Amounts.optional().describe("What one container asks for (Kubernetes requests)."),
    limits: Amounts.optional().describe("What one container may take (Kubernetes limits)."),
    memory: name.optional().describe("Signal of the fullest instance's memory, for its request and limit."),
    surge: surge.optional(),
    nodes: Nodes.optional(),
    quota: whole.optional().describe("Most instances that an account, region or namespace allows."),
    drivers: z
      .array(DriverParams)
      .min(1)
      .describe("What may be short; the one that asks for the most instances leads."),
  })
  .refine(({ floor, ceiling }) => ceiling === undefined || floor <= ceiling, {
    path: ["floor"],
    message: "floor is above ceiling: lower the one or raise the other",
  })
  .refine(({ current, ceiling }) => ceiling === undefined || current <= ceiling, {
    path: ["current"],
    message: "more run than the ceiling allows: correct the one or the other",
  })
  .refine(
    ({ requests, limits }) =>
      (requests?.cpu ?? 0) <= (limits?.cpu ?? Number.POSITIVE_INFINITY) &&
      (requests?.memory ?? 0) <= (limits?.memory ?? Number.POSITIVE_INFINITY),
    { path: ["requests"], message: "a request is above its limit: Kubernetes refuses it" },
  );
export type InstancesParams = z.infer<typeof Params>;
