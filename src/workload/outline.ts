import type { Field } from './fields.js';

const leastText = 30;
const textColumn = 36;

/**
 * A scenario with every field at an example, what each is behind it, cut to `width` columns: to be read, not to be run. Fields of
 * prices are left to their own schema.
 */
export function outlineOf(fields: readonly Field[], width: number): string {
  const shown = fields.filter(({ path }) => !path.startsWith('prices.'));
  const lines = shown.map((field) => {
    const start = `${yamlOf(field).padEnd(textColumn)} # `;
    const room = Math.max(leastText, width - start.length);
    const about = aboutOf(field);
    return `${start}${about.length > room ? `${about.slice(0, room - 1).trimEnd()}…` : about}`;
  });
  return `${[head, ...lines, foot].join('\n')}\n`;
}

const head = '# A scenario with all of its fields; version, workload.volume and a task with a type are needed.';
const foot = '# In full, with the names that may stand there: docs/scenario.md. A first file: deploy-advisor init.';

const longestValue = 40;

/** `  volume: 50k conversations/day`; of a list of maps the hyphen stands before the first field. */
function yamlOf({ path, key, depth, example, isList, type }: Field): string {
  const isFirst = /(?:^tasks|ownRegimes)\[\]\.name$|^existing\[\]\.accelerator$|^measured\[\]\.model$/.test(path);
  const indent = '  '.repeat(depth);
  const value = isList || example === null || type === 'map' ? '' : ` ${example.slice(0, longestValue)}`;
  return `${isFirst ? `${indent.slice(2)}- ` : indent}${key}:${value}`;
}

/** What it is in a sentence, with unit and default. */
export function aboutOf({ text, unit, fallback, type }: Field): string {
  const words =
    type.includes(', ') && !type.includes(' or ') && !type.includes('map') ? `${type.replace(/^list of /, '')}. ` : '';
  const [sentence = text] = /^.*?[.;](?= |$)/.exec(text) ?? [];
  const facts = [unit, fallback === '' ? '' : `default ${fallback}`].filter((fact) => fact !== '');
  return `${words}${sentence.replace(/[.;]$/, '')}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
}
