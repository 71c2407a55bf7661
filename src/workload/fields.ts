import { parse } from 'yaml';
import { isMap } from '../units/reading.js';
import { getIn } from './source.js';

type JsonSchema = {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: readonly unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
};

/** A field of a scenario as people read of it. */
export type Field = {
  /** As in `tasks[].tokens.input`. */
  path: string;
  /** Its last step, and how many maps and lists are around it. */
  key: string;
  depth: number;
  isRequired: boolean;
  /** What may be written, in words. */
  type: string;
  /** The unit of a bare number, or what is counted; empty where there is none. */
  unit: string;
  /** What holds where it is left out; empty where that is not said. */
  fallback: string;
  text: string;
  /** A value as YAML; null for a map or a list of maps, whose fields follow. */
  example: string | null;
  /** Each entry of a list has these fields. */
  isList: boolean;
};

/**
 * The fields of a published JSON Schema in order, each map followed by its own. A repeated map, such as a task's data
 * rules, is one field that refers to the first.
 *
 * @param examplesText docs/scenario-examples.yaml: values as YAML, by path
 */
export function fieldsOf(schema: unknown, examplesText: string): Field[] {
  const examples = parse(examplesText, { schema: 'failsafe' }) as Readonly<Record<string, string>>;
  const { $defs = {} } = schema as JsonSchema;
  const resolved = (inner: JsonSchema): JsonSchema => {
    const { $ref, ...notes } = inner;
    return $ref === undefined ? inner : { ...$defs[$ref.split('/').at(-1) ?? ''], ...notes };
  };
  const told = new Map<string, string>();
  const contentOf = (inner: JsonSchema) =>
    mapsIn(inner)
      .map(({ properties }) => Object.keys(properties ?? {}).join())
      .join(';');

  /** The maps that may stand there, or in a list there, but for ranges of numbers. */
  const mapsIn = (inner: JsonSchema): JsonSchema[] =>
    [inner, ...(inner.anyOf ?? []), ...(inner.items ? [inner.items] : [])].flatMap((each) => {
      const one = resolved(each);
      if (one === inner || one.anyOf === undefined) return isFields(one) ? [one] : [];
      return mapsIn(one);
    });

  const visit = (inner: JsonSchema, at: string, depth: number): Field[] => {
    const fields = new Map<string, Field[]>();
    for (const map of mapsIn(inner))
      for (const [key, raw] of Object.entries(map.properties ?? {})) {
        if (fields.has(key)) continue;
        const one = resolved(raw);
        const isRequired = map.required?.includes(key) === true;
        fields.set(key, fieldAt(one, { at, key, depth, isRequired }));
      }
    return [...fields.values()].flat();
  };

  const fieldAt = (
    one: JsonSchema,
    { at, key, depth, isRequired }: { at: string; key: string; depth: number; isRequired: boolean },
  ): Field[] => {
    const { text, fallback } = described(one.description ?? '');
    const isList = one.items !== undefined && mapsIn(one).length > 0;
    const path = `${at === '' ? '' : `${at}.`}${key}`;
    const below = isList ? `${path}[]` : path;
    const content = contentOf(one);
    const before = content === '' ? undefined : told.get(content);
    const field: Field = {
      path,
      key,
      depth,
      isRequired,
      ...typeOf(one, resolved),
      fallback,
      text,
      example: null,
      isList,
    };
    const example = examples[path] ?? exampleWithin(examples[at.replace(/\[\]$/, '')], key);
    if (before !== undefined && before !== path)
      return [{ ...field, type: `as \`${before}\``, example: example ?? examples[before] ?? null }];
    if (content !== '') told.set(content, path);
    return [{ ...field, example }, ...visit(one, below, depth + 1)];
  };
  const { properties: top = {} } = schema as JsonSchema;
  for (const [key, raw] of Object.entries(top)) {
    const content = contentOf(resolved(raw));
    if (content !== '') told.set(content, key);
  }
  return visit(schema as JsonSchema, '', 0);
}

/** What the example of the map around a field has there. */
function exampleWithin(around: string | undefined, key: string): string | null {
  if (around === undefined) return null;
  const held = parse(around, { schema: 'failsafe' });
  const value = getIn(Array.isArray(held) ? held[0] : held, [key]);
  return value === undefined ? null : Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

/** A map of fields: those of a range of numbers are no fields. */
const isFields = ({ properties }: JsonSchema): boolean =>
  properties !== undefined && !('low' in properties) && !('mean' in properties);

/** What the description says of leaving a field out, apart. */
function described(description: string): { text: string; fallback: string } {
  const [, text = description, fallback = ''] = /^(.*?)\s*Default: (.*?)\.?$/.exec(description) ?? [];
  return { text, fallback };
}

function typeOf(one: JsonSchema, resolved: (inner: JsonSchema) => JsonSchema): { type: string; unit: string } {
  const { title, type, items } = one;
  const plain = (words: string) => ({ type: words, unit: '' });
  if (one.const !== undefined) return plain(String(one.const));
  if (one.enum) return plain(one.enum.map(String).join(', '));
  if (title !== undefined && items === undefined) return titled(title);
  if (items !== undefined) {
    const item = resolved(items);
    const isMaps = isFields(item) || item.anyOf?.some((each) => isFields(resolved(each)));
    const { type: one } = typeOf(item, resolved);
    return plain(isMaps ? 'list of maps' : one === 'text' ? 'list of names' : `list of ${one}`);
  }
  if (type === 'boolean') return plain('true or false');
  if (type === 'object') return plain(isMap(one.additionalProperties) ? 'map by name' : 'map');
  return plain(type === 'number' ? 'number' : type === 'string' ? 'text' : String(type ?? 'any'));
}

const unitsOf: Readonly<Record<string, string>> = {
  'a share': '%, or 0 to 1',
  'a ratio': '%, or times',
  'a growth rate': '% per month or year',
  'a number of people': 'FTE',
  'an amount of money': 'USD',
  'a speed': 'tokens/s',
};

/** Type and unit of a title such as `a number of tokens or a range; a bare number is in ms`. */
function titled(title: string): { type: string; unit: string } {
  const [what = '', note = ''] = title.split('; ');
  const [, kind = what, range = ''] = /^(.*?)( or a range)?$/.exec(what) ?? [];
  const counted = /^a number of ([A-Za-z]+)$/.exec(kind)?.[1];
  const bare = /(?:is in|is|it is) (\S+(?: \S+)?)$/.exec(note)?.[1];
  const known = unitsOf[kind] ?? counted ?? '';
  return {
    type: `${counted === undefined || unitsOf[kind] ? kind.replace(/^an? (?=\w+(?: \w+)*$)/, '') : 'number'}${range}`,
    unit: kind === 'an amount of money' && bare !== undefined ? `USD ${bare}` : (unitsOf[kind] ?? bare ?? known),
  };
}
