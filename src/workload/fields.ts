import { parse } from 'yaml';
import { isMap } from '../units/amount.js';
import { inOneLine } from './habit-readings.js';
import { getIn } from './source.js';

const leastText = 30;
const textColumn = 36;

/** Names for a scenario, by what they are. */
export type OutlineNames = readonly { what: string; names: string }[];

/**
 * A scenario with every field at an example and described, in lines of `width` columns, with valid names: readable
 * YAML, other forms of a field behind `#`. Fields of prices have their own schema.
 */
export function outlineOf(fields: readonly Field[], names: OutlineNames, width: number): string {
  const shown = fields.filter(({ path }) => !path.startsWith('prices.'));
  /** Where a field has its example, the fields below it are another form of it. */
  const isOther = ({ path }: Field) =>
    shown.some((field) => hasExample(field) && path.startsWith(`${field.path}${field.isList ? '[]' : ''}.`));
  const lines = shown.flatMap((field) => {
    const yaml = yamlOf(field);
    const start = (isOther(field) ? yaml.replace(/^( *)/, '$1# ') : yaml).padEnd(textColumn);
    const [first = '', ...more] = wrapped(aboutOf(field), Math.max(leastText, width - start.length - 3));
    return [`${start} # ${first}`, ...more.map((line) => `${' '.repeat(start.length)} # ${line}`)];
  });
  const lists = names.flatMap((list) => [
    '#',
    ...wrapped(`${list.what}: ${list.names}.`, width - 4).map((line, at) => (at === 0 ? `# ${line}` : `#   ${line}`)),
  ]);
  return `${[head, ...lines, ...lists, '#', foot].join('\n')}\n`;
}

const hasExample = ({ example, type, isList }: Field): boolean => !isList && example !== null && type !== 'map';

/** Words in lines of at most so many characters; a longer word has its own. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const head =
  '# A scenario with all of its fields; version, workload.volume and a task with a type are needed. Behind # another form of the field above.';
const foot =
  '# In full, with all regimes, regions and kinds of data: docs/scenario.md. A first file: deploy-advisor init.';

/** `  volume: 50k conversations/day`; a list of maps has its hyphen at the first field. */
function yamlOf(field: Field): string {
  const { path, key, depth, example } = field;
  const isFirst = /(?:^tasks|ownRegimes)\[\]\.name$|^existing\[\]\.accelerator$|^measured\[\]\.model$/.test(path);
  const indent = '  '.repeat(depth);
  return `${isFirst ? `${indent.slice(2)}- ` : indent}${key}:${hasExample(field) ? ` ${example}` : ''}`;
}

/** What it is in a sentence, with unit and default. */
function aboutOf({ text, unit, fallback, type }: Field): string {
  const words =
    type.includes(', ') && !type.includes(' or ') && !type.includes('map') ? `${type.replace(/^list of /, '')}. ` : '';
  const [sentence = text] = /^.*?[.;](?= |$)/.exec(text) ?? [];
  const facts = [unit, fallback === '' ? '' : `default ${fallback}`].filter((fact) => fact !== '');
  return `${words}${sentence.replace(/[.;]$/, '')}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
}

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

/** The first line of a scenario next to an installed package: editors read the schema from it. */
export const modeline = '# yaml-language-server: $schema=./node_modules/deploy-advisor/schema/scenario.json';

/** Rare parts with a page of their own: one comment line where missing. */
const rare =
  /^(?:prices|measured|development|expect|assumptions|preferences\.weights|data\.ownRegimes|tasks\[\]\.(?:easy|sensitive|tuned))$/;
const widest = 120;

/**
 * A scenario as a file to go on from: its fields as YAML, and each missing field as a line behind `#` with an example,
 * meaning, unit and default.
 *
 * @param tree plain data that reads as a scenario
 * @param fields from `fieldsOf`
 * @param heading lines of the comment at its top
 * @param checks paths, as of fields, that the reader has to check
 */
export function commentedScenario(
  tree: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  heading: readonly string[],
  checks: readonly string[] = [],
): string {
  const childrenOf = (path: string): Field[] =>
    fields.filter((field) => field.path === (path === '' ? field.key : `${path}.${field.key}`));

  /** The lines of a map at a path, with missing fields as comments. */
  const mapAt = (map: Readonly<Record<string, unknown>>, path: string, indent: string): string[] =>
    childrenOf(path).flatMap((field) =>
      Object.hasOwn(map, field.key) ? written(field, map[field.key], indent) : unsaid(field, indent),
    );

  const written = (field: Field, value: unknown, indent: string): string[] => {
    const [first = '', ...more] = plainly(field, value, indent);
    return [checks.includes(field.path) ? `${first}  # check` : first, ...more];
  };

  const plainly = (field: Field, value: unknown, indent: string): string[] => {
    const { key, path, isList, example } = field;
    if (isList && Array.isArray(value) && !rare.test(path))
      return [`${indent}${key}:`, ...value.flatMap((entry, at) => entryOf(entry, `${path}[]`, indent, at === 0))];
    if (example === null && isMap(value) && childrenOf(path).length > 0 && !rare.test(path))
      return [`${indent}${key}:`, ...mapAt(value, path, `${indent}  `)];
    return [`${indent}${key}: ${inOneLine(value)}`];
  };

  /** An entry of a list: its own fields first, as the first line has the hyphen. Missing ones are shown once. */
  const entryOf = (entry: unknown, path: string, indent: string, isFirst: boolean): string[] => {
    if (!isMap(entry)) return [`${indent}  - ${inOneLine(entry)}`];
    const [said, silent] = [true, false].map((isSaid) =>
      childrenOf(path).filter(({ key }) => Object.hasOwn(entry, key) === isSaid),
    ) as [Field[], Field[]];
    const lines = said.flatMap((field) => written(field, entry[field.key], `${indent}    `));
    const [first = '', ...rest] = lines;
    return [
      `${indent}  - ${first.trimStart()}`,
      ...rest,
      ...(isFirst ? silent : []).flatMap((field) => unsaid(field, `${indent}    `)),
    ];
  };

  /** @param inside text between the `#` and the field, for the missing maps around it */
  const unsaid = (field: Field, indent: string, inside = ''): string[] => {
    const { key, path, example, isList, type } = field;
    const isShort = rare.test(path) || type.startsWith('as ');
    const line = (value: string) => {
      const about = `${`${indent}# ${inside}${key}:${value}`.padEnd(commentColumn)}  # ${aboutOf(field)}`;
      return about.length > widest ? `${about.slice(0, widest - 1).trimEnd()}…` : about;
    };
    if (isShort || example !== null) return [line(` ${isShort ? '…' : example}`)];
    const below = `${' '.repeat(inside.length)}  `;
    const children = childrenOf(isList ? `${path}[]` : path);
    return [
      line(''),
      ...children.flatMap((child, index) =>
        unsaid(child, indent, isList ? `${below}${index === 0 ? '- ' : '  '}` : below),
      ),
    ];
  };

  return `${[modeline, ...heading.map((text) => `# ${text}`), ...mapAt(tree, '', '')].join('\n')}\n`;
}

const commentColumn = 34;
