type JsonSchema = {
  const?: unknown;
  enum?: readonly unknown[];
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
};

const key = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

/**
 * Every path of a JSON Schema without references at which a value may stand that is no map of fields, with the words that
 * are all that may stand there; none: anything may. `[]` is an item of a list, `*` a free key.
 */
export function schemaLeaves(schema: unknown): Map<string, string[]> {
  const leaves = new Map<string, Set<string>>();
  const visit = (one: JsonSchema, at: string): void => {
    const { properties, additionalProperties, items, anyOf = [], oneOf = [] } = one;
    const isRange = properties !== undefined && ('low' in properties || 'mean' in properties);
    if (properties !== undefined && !isRange)
      for (const [name, below] of Object.entries(properties)) visit(below, key(at, name));
    else if (typeof additionalProperties === 'object') visit(additionalProperties, key(at, '*'));
    else if (items !== undefined) visit(items, `${at}[]`);
    else if (one.type !== undefined || one.enum !== undefined || one.const !== undefined)
      leaves.set(at, new Set([...(leaves.get(at) ?? []), ...wordsOf(one)]));
    // What is said beside a type only narrows it.
    if (one.type === undefined) for (const way of [...anyOf, ...oneOf]) visit(way, at);
  };
  visit(schema as JsonSchema, '');
  return new Map([...leaves].map(([path, words]) => [path, [...words]]));
}

function wordsOf({ type, enum: words, const: word }: JsonSchema): string[] {
  if (word !== undefined) return [String(word)];
  return (words ?? (type === 'boolean' ? [true, false] : [])).map(String);
}

/** Every path at which a document has a value that is no map of fields, told as `schemaLeaves` tells it, with its values. */
export function writtenLeaves(
  documents: readonly unknown[],
  known: ReadonlyMap<string, unknown>,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (value: unknown, at: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, `${at}[]`);
    else if (typeof value !== 'object' || value === null || isRange(value))
      found.set(at, (found.get(at) ?? new Set()).add(String(value)));
    else
      for (const [name, below] of Object.entries(value)) {
        const free = key(at, '*');
        visit(below, known.has(free) ? free : key(at, name));
      }
  };
  for (const document of documents) visit(document, '');
  return found;
}

const isRange = (value: object): boolean => 'low' in value || 'mean' in value;
