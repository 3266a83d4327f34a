import { z } from "zod";
import { GIB } from "../model/unit.ts";

/** Instance classes that can be bought, as the data file lists them. */
export const CatalogueFile = z.strictObject({
  schema: z.literal("headroom/catalogue@1").describe("Name and version of this format."),
  asOf: z.iso.date().describe("When the figures were read."),
  source: z.string().min(10).describe("Where the figures were read."),
  classes: z
    .array(
      z.strictObject({
        name: z
          .string()
          .describe("Family and size: db.r6g.xlarge. The part before the last dot is the family."),
        vcpu: z.number().positive().max(2048).describe("Virtual CPUs of one instance."),
        memoryGiB: z.number().positive().max(65_536).describe("Memory of one instance, GiB."),
        maxConnections: z
          .number()
          .int()
          .positive()
          .max(1_000_000)
          .optional()
          .describe("PostgreSQL connections by default, where the provider's formula does not hold."),
        pricePerHour: z
          .number()
          .positive()
          .max(10_000)
          .optional()
          .describe("In any one currency; never needed."),
      }),
    )
    .min(1)
    .describe("Classes that can be bought."),
});

export interface InstanceClass {
  readonly name: string;
  readonly family: string;
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly maxConnections: number;
  readonly pricePerHour: number | null;
}

export interface Catalogue {
  readonly asOf: string;
  readonly classes: readonly InstanceClass[];
}

/** RDS for PostgreSQL: LEAST(memory / 9,531,392, 5000) (AWS, Quotas and constraints for Amazon RDS). */
export const defaultMaxConnections = (memoryGiB: number): number =>
  Math.min(5000, Math.floor((memoryGiB * GIB) / 9_531_392));

export function toCatalogue(file: z.infer<typeof CatalogueFile>): Catalogue {
  return {
    asOf: file.asOf,
    classes: file.classes.map(({ name, vcpu, memoryGiB, maxConnections, pricePerHour }) => ({
      name,
      family: name.slice(0, name.lastIndexOf(".")),
      vcpu,
      memoryGiB,
      maxConnections: maxConnections ?? defaultMaxConnections(memoryGiB),
      pricePerHour: pricePerHour ?? null,
    })),
  };
}

export const findClass = ({ classes }: Catalogue, name: string): InstanceClass | null =>
  classes.find((one) => one.name === name) ?? null;

/** The smallest class of some families that fits, by vCPU, then memory. */
export function smallestClass(
  { classes }: Catalogue,
  families: readonly string[],
  fits: (one: InstanceClass) => boolean,
): InstanceClass | null {
  return (
    classes
      .filter((one) => families.includes(one.family) && fits(one))
      .sort(
        (a, b) =>
          a.vcpu - b.vcpu ||
          a.memoryGiB - b.memoryGiB ||
          families.indexOf(a.family) - families.indexOf(b.family),
      )[0] ?? null
  );
}
