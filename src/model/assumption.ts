import { z } from "zod";

/** A figure or a name that a data file gives and no document of the operators does. */
export const Assumption = z.object({
  where: z.string().describe("Entry of the file: `signal tasks`, `sizing redis`, `criterion queue-depth`."),
  fields: z.array(z.string()).describe("Fields or names that are assumed; empty: all of it."),
  why: z.string().describe("The entry's reason, as the file gives it."),
});
export type Assumption = z.infer<typeof Assumption>;

interface Entry {
  readonly assumed?: true | string[] | undefined;
  readonly why: string;
}

/** What entries of a list assume. */
export function assumptionsIn<T extends Entry>(
  kind: string,
  entries: readonly T[],
  nameOf: (entry: T) => string,
): Assumption[] {
  return entries.flatMap((entry) =>
    entry.assumed === undefined
      ? []
      : [
          {
            where: `${kind} ${nameOf(entry)}`,
            fields: entry.assumed === true ? [] : entry.assumed,
            why: entry.why,
          },
        ],
  );
}

/** `signal tasks (query)`. */
export const describeAssumption = ({ where, fields }: Assumption): string =>
  fields.length === 0 ? where : `${where} (${fields.join(", ")})`;
