import type { Field } from './fields.js';

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
export function aboutOf({ text, unit, fallback, type }: Field): string {
  const words =
    type.includes(', ') && !type.includes(' or ') && !type.includes('map') ? `${type.replace(/^list of /, '')}. ` : '';
  const [sentence = text] = /^.*?[.;](?= |$)/.exec(text) ?? [];
  const facts = [unit, fallback === '' ? '' : `default ${fallback}`].filter((fact) => fact !== '');
  return `${words}${sentence.replace(/[.;]$/, '')}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
}
