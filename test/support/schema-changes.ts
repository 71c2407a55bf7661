/** As much of JSON Schema as the published schemas use to say what there is. */
export type Schema = {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
};

/** A schema with each reference replaced by what it stands for. */
export function withoutReferences<T>(schema: T, defs = (schema as { $defs?: Record<string, unknown> }).$defs ?? {}): T {
  if (Array.isArray(schema)) return schema.map((each) => withoutReferences(each, defs)) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, $defs: _, ...rest } = schema as Record<string, unknown>;
  const whole = typeof $ref === 'string' ? { ...(defs[$ref.replace('#/$defs/', '')] as object), ...rest } : rest;
  return Object.fromEntries(Object.entries(whole).map(([key, inner]) => [key, withoutReferences(inner, defs)])) as T;
}

const typesOf = ({ type }: Schema): string[] => (type === undefined ? [] : [type].flat());
const isKind = (type: string, allowed: readonly string[], strict: boolean): boolean =>
  allowed.includes(type) ||
  (type === 'integer' && allowed.includes('number')) ||
  // Readers of what users write always refused what is not whole; schemas say so since 1.1.
  (strict && type === 'number' && allowed.includes('integer'));

/**
 * What of `given` a reader of `read` could not take, by path: a key it counts on that may be missing, another type, a word
 * or null where it knows none. Keys it does not know are no harm to it unless `strict`.
 */
export function unfit(read: Schema, given: Schema, { strict = false, path = '' } = {}): string[] {
  const deeper = (a: Schema, b: Schema, at: string) => unfit(a, b, { strict, path: at });
  // `anyOf` of requirements alone adds no branch.
  const branches = (schema: Schema) =>
    schema.anyOf?.some((one) => one.type ?? one.anyOf ?? 'const' in one) ? schema.anyOf : null;
  const [reads, gives] = [branches(read), branches(given)];
  if (reads || gives)
    return (gives ?? [given]).flatMap((one) => {
      const tries = (reads ?? [read]).map((other) => deeper(other, one, path));
      return tries.some((problems) => problems.length === 0)
        ? []
        : (tries.sort((a, b) => a.length - b.length)[0] ?? []);
    });
  const [allowed, types] = [typesOf(read), typesOf(given)];
  const found =
    allowed.length === 0
      ? []
      : types.filter((type) => !isKind(type, allowed, strict)).map((type) => `${path} may be ${type}`);
  if (allowed.length > 0 && types.length === 0) found.push(`${path} may be anything`);
  const words = ({ enum: all, const: only }: Schema) => all ?? (only === undefined ? null : [only]);
  const [known, said] = [words(read), words(given)];
  if (known)
    found.push(
      ...(said ?? ['any word']).filter((word) => !known.includes(word)).map((word) => `${path} may be ${word}`),
    );
  for (const key of read.required ?? [])
    if (!given.required?.includes(key)) found.push(`${path}.${key} may be missing`);
  for (const [key, inner] of Object.entries(given.properties ?? {})) {
    const expected = read.properties?.[key];
    if (expected) found.push(...deeper(expected, inner, `${path}.${key}`));
    else if (strict && read.additionalProperties === false) found.push(`${path}.${key} may be there`);
  }
  if (read.items && given.items) found.push(...deeper(read.items, given.items, `${path}[]`));
  const [one, other] = [read.additionalProperties, given.additionalProperties];
  if (typeof one === 'object' && typeof other === 'object') found.push(...deeper(one, other, `${path}.*`));
  return found;
}

/** Every path of keys that a schema knows, sorted. */
export function keysOf(schema: Schema, path = ''): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    `${path}.${key}`,
    ...keysOf(inner, `${path}.${key}`),
  ]);
  const items = schema.items ? keysOf(schema.items, `${path}[]`) : [];
  const branches = (schema.anyOf ?? []).flatMap((one) => keysOf(one, path));
  return [...new Set([...own, ...items, ...branches])].sort();
}

/** Every path of keys in a document, entries of lists as `[]`. */
export function pathsIn(document: unknown, path = ''): string[] {
  if (typeof document !== 'object' || document === null) return [];
  const entries = Array.isArray(document) ? document.map((one) => ['[]', one]) : Object.entries(document);
  const paths = entries.flatMap(([key, inner]) => {
    const at = key === '[]' ? `${path}[]` : `${path}.${key}`;
    return [...(key === '[]' ? [] : [at]), ...pathsIn(inner, at)];
  });
  return [...new Set(paths)];
}

/** Keys of a schema that nothing is said of. */
export const silentKeys = (schema: Schema, path = ''): string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    ...('description' in inner ? [] : [`${path}.${key}`]),
    ...silentKeys(inner, `${path}.${key}`),
  ]),
  ...(schema.items ? silentKeys(schema.items, `${path}[]`) : []),
  ...(schema.anyOf ?? []).flatMap((one) => silentKeys(one, path)),
];
