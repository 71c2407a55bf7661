import type { Problem } from '../../units/problem.js';
import { oneOf, text } from '../cell.js';
import { need, type RowOf, table } from '../column.js';
import { parseTable } from '../parse.js';
import type { Tables } from '../tables.js';

const schema = table({
  file: 'names.csv',
  key: ['format', 'kind', 'theirs', 'provider', 'instance', 'ours'],
  kept: [],
  dated: [],
  columns: {
    format: need('format', text),
    kind: need('kind', oneOf('provider', 'accelerator', 'tenancy')),
    /** The name in the format; `*` stands for any. */
    theirs: need('theirs', text),
    /** Only at this provider (our name); empty: at any. */
    provider: { header: 'provider', read: text, ifEmpty: '' },
    /** Only for instance types with this in their name; empty: for any. */
    instance: { header: 'instance', read: text, ifEmpty: '' },
    ours: need('ours', text),
  },
});

/** pricing/import/names.csv: what a format calls a provider, an accelerator or a kind of tenancy, and what we call it. */
export type NameRow = RowOf<typeof schema>;

/** Reads the table of names. */
export function readNames(file: string, content: string): { names: NameRow[]; problems: Problem[] } {
  const { rows, problems } = parseTable(schema, file, content, '');
  return { names: rows, problems };
}

/** Our name of a provider: from the table, or the same name in providers.csv; null if it has none. */
export function providerNamed(names: readonly NameRow[], format: string, theirs: string, tables: Tables) {
  const row = names.find((each) => each.format === format && each.kind === 'provider' && same(each.theirs, theirs));
  return tables.providerOf.get(row?.ours ?? theirs) ?? null;
}

/** What the table of names says of a machine, the most particular row first. */
export function namesFor(
  names: readonly NameRow[],
  asked: { format: string; kind: NameRow['kind']; theirs: string; provider: string; instance: string },
): string[] {
  return names
    .filter(
      ({ format, kind, theirs, provider, instance }) =>
        format === asked.format &&
        kind === asked.kind &&
        (theirs === '*' || same(theirs, asked.theirs)) &&
        (provider === '' || provider === asked.provider) &&
        asked.instance.toLowerCase().includes(instance.toLowerCase()),
    )
    .sort((a, b) => particular(b) - particular(a))
    .map(({ ours }) => ours);
}

function particular({ provider, instance }: NameRow): number {
  return instance.length * 2 + (provider === '' ? 0 : 1);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
