import { isMap } from '../units/reading.js';
import type { Field } from './fields.js';
import { inOneLine } from './habit-readings.js';
import { aboutOf } from './outline.js';

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
