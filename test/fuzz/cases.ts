import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { edited, edits } from './text-mutants.js';
import { changedTree, poolOf, steps } from './tree-mutants.js';
import { oddValue } from './values.js';

/** A text that was good once, and what else is given with it. */
export type FuzzCase = { file: string; text: string; set: string[] };
type Named = { file: string; text: string };

/** So many cases are made at once: from a seed and the number of the lot alone. */
export const lot = 200;

/** Seeds beside each other share no lots: that of one is far from those of the next. */
const seedOf = (seed: number, number: number): number => (Math.imul(seed, 0x9e3779b1) + number) | 0;

const pathOf = fc.constantFrom(
  ...['workload.volume', 'workload.turns', 'workload.growth', 'workload.horizon', 'workload.profile', 'workload.sites'],
  ...['tasks.0.share', 'tasks.0.tokens.input', 'tasks.0.tokens', 'tasks.0.type', 'tasks.1.share', 'tasks.x.share'],
  ...['data.sensitivity', 'team.devops', 'team', 'budget.monthly', 'devices.count', 'assumptions.retryRate', 'prices'],
  ...['needs.availability', 'preferences.objective', 'name', 'existing', '__proto__.x', '', '.', 'a..b', 'tasks'],
);
const setting = fc
  .tuple(pathOf, oddValue)
  .map(([path, value]) => `${path}=${typeof value === 'string' ? value : flow(value)}`);
const settings = fc.oneof(
  { weight: 4, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: fc.array(setting, { minLength: 1, maxLength: 2 }) },
);

/** Documents in YAML or JSON, changed as trees or as texts, or first the one and then the other. */
export function documentCases(sources: readonly Named[], seed: number, number: number): FuzzCase[] {
  const documents = sources.map(({ text }) => parse(text) as unknown);
  const pool = poolOf(documents);
  const one = fc.record({
    source: fc.nat({ max: sources.length - 1 }),
    other: fc.nat({ max: sources.length - 1 }),
    how: fc.constantFrom('tree', 'tree', 'tree', 'text', 'both'),
    json: fc.boolean(),
    steps,
    edits,
    set: settings,
  });
  return fc
    .sample(one, { seed: seedOf(seed, number), numRuns: lot })
    .map(({ source, other, how, json, steps, edits, set }) => {
      const { file, text } = sources[source] as Named;
      const written = how === 'text' ? text : writtenAs(changedTree(documents[source], steps, pool), json);
      const changed = how === 'tree' ? written : edited(written, edits, sources[other]?.text ?? '');
      return { file, text: changed, set };
    });
}

/** As text; where lists are nested too deeply to be written, or hold themselves, a text that is too deep. */
const writtenAs = (value: unknown, json: boolean): string => {
  try {
    if (json) return JSON.stringify(value, null, 1) ?? '';
    return stringify(value, { aliasDuplicateObjects: false });
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return `a: ${'['.repeat(2000)}`;
    throw error;
  }
};

const flow = (value: unknown): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();

type CellStep = {
  kind: 'cell' | 'copy-cell' | 'scale' | 'header' | 'drop-row' | 'copy-row' | 'drop-column';
  at: number;
  other: number;
  by: number;
  value: unknown;
};
const cellSteps: fc.Arbitrary<CellStep[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(
      ...(['cell', 'cell', 'copy-cell', 'copy-cell', 'scale', 'scale', 'scale'] as const),
      ...(['header', 'drop-row', 'copy-row', 'drop-column'] as const),
    ),
    at: fc.nat({ max: 1_000_000 }),
    other: fc.nat({ max: 1_000_000 }),
    by: fc.constantFrom(0, 0.01, 0.5, 2, 100, 1e6, 1e12, -1),
    value: oddValue,
  }),
  { minLength: 1, maxLength: 4 },
);

/** Tables and their YAML files, changed by cell, row and column, or as texts. */
export function tableCases(sources: readonly Named[], seed: number, number: number): Named[] {
  const documents = new Map(sources.filter(isYaml).map(({ file, text }) => [file, parse(text) as unknown]));
  const pool = poolOf([...documents.values()]);
  const one = fc.record({
    source: fc.nat({ max: sources.length - 1 }),
    other: fc.nat({ max: sources.length - 1 }),
    how: fc.constantFrom('cells', 'cells', 'cells', 'text', 'both'),
    cellSteps,
    steps,
    edits,
  });
  return fc
    .sample(one, { seed: seedOf(seed, number), numRuns: lot })
    .map(({ source, other, how, cellSteps, steps, edits }) => {
      const { file, text } = sources[source] as Named;
      const document = documents.get(file);
      const changed =
        how === 'text'
          ? text
          : document === undefined
            ? cellSteps.reduce(onCells, text)
            : writtenAs(changedTree(document, steps, pool), false);
      return { file, text: how === 'cells' ? changed : edited(changed, edits, sources[other]?.text ?? '') };
    });
}

const isYaml = ({ file }: Named): boolean => file.endsWith('.yaml');

/** Splits at commas outside quotes; what it joins again is the same text. */
const cellsOf = (line: string): string[] =>
  line
    .match(/("(?:[^"]|"")*"|[^,"]*)(?:,|$)/g)
    ?.map((cell) => cell.replace(/,$/, ''))
    .slice(0, line.split(',').length) ?? [line];

function onCells(text: string, { kind, at, other, by, value }: CellStep): string {
  const lines = text.split('\n');
  const row = 1 + (at % Math.max(1, lines.length - 1));
  const cells = cellsOf(lines[row] ?? '');
  const column = other % Math.max(1, cells.length);
  switch (kind) {
    case 'cell':
      cells[column] = quoted(value);
      break;
    case 'copy-cell':
      cells[column] = cellsOf(lines[1 + (other % Math.max(1, lines.length - 1))] ?? '')[column] ?? '';
      break;
    case 'scale':
      for (let i = 0; i < cells.length; i++) {
        const each = (column + i) % cells.length;
        const cell = cells[each] ?? '';
        if (!/^-?\d+(\.\d+)?$/.test(cell)) continue;
        cells[each] = String(Number(cell) * by);
        break;
      }
      break;
    case 'header': {
      const heads = cellsOf(lines[0] ?? '');
      heads[other % heads.length] = quoted(value);
      lines[0] = heads.join(',');
      return lines.join('\n');
    }
    case 'drop-row':
      return lines.toSpliced(row, 1).join('\n');
    case 'copy-row':
      return lines.toSpliced(other % lines.length, 0, lines[row] ?? '').join('\n');
    case 'drop-column':
      return lines.map((line) => (line === '' ? line : cellsOf(line).toSpliced(column, 1).join(','))).join('\n');
  }
  lines[row] = cells.join(',');
  return lines.join('\n');
}

function quoted(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
