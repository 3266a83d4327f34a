import fc from "fast-check";

/** Values that a field may hold by mistake, by malice, or after a bad merge. */
const ODD = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    -1e308,
    1e-320,
    "",
    "x",
    "NaN",
    [],
    {},
    [[]],
    "__proto__",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.double({ noNaN: true }),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true}}')),
);

type Step = { readonly at: number; readonly kind: number; readonly odd: unknown };
const STEPS = fc.array(fc.record({ at: fc.nat(), kind: fc.nat(4), odd: ODD }), {
  minLength: 1,
  maxLength: 4,
});

/** A document with some of its places changed: replaced, removed, doubled, emptied. */
export const mutationsOf = (document: unknown) =>
  STEPS.map((steps) => steps.reduce(mutate, structuredClone(document)));

function mutate(document: unknown, { at, kind, odd }: Step): unknown {
  const places: [container: Record<string, unknown> | unknown[], key: string | number][] = [];
  const walk = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    // Of long lists a few are enough to walk into; any may be hit.
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    for (const key of keys) places.push([value as Record<string, unknown>, key as string]);
    for (const key of keys.slice(0, 40)) walk((value as Record<string, unknown>)[key as string]);
  };
  walk(document);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return structuredClone(odd);
  const [container, key] = place as [Record<string, unknown>, string];
  const value = container[key];
  if (kind === 0) {
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete container[key];
  } else if (kind === 1 && Array.isArray(container)) container.splice(Number(key), 0, structuredClone(value));
  else if (kind === 2 && Array.isArray(value)) put(container, key, []);
  else if (kind === 3 && typeof value === "number") put(container, key, -value * 1e6);
  else put(container, key, structuredClone(odd));
  return document;
}

/** As JSON.parse would: a key of `__proto__` is a key. */
const put = (container: object, key: string, value: unknown) =>
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });

/** A text with some of its characters cut, doubled or replaced. */
export const textMutationsOf = (text: string) =>
  fc
    .array(
      fc.tuple(
        fc.nat(),
        fc.nat(60),
        fc.oneof(
          fc.constantFrom("", "\t", ": ", "- ", "&a ", "*a", "{", "]", "\u0000", "!!js"),
          fc.string({ maxLength: 8 }),
        ),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((cuts) =>
      cuts.reduce((made, [from, length, put]) => {
        const at = from % Math.max(1, made.length);
        return made.slice(0, at) + put + made.slice(at + length);
      }, text),
    );
