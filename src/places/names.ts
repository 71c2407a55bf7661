import type { NameRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import type { Option } from './option.js';

/** Tables that know names in prose. */
export type Named = Pick<Tables, 'names' | 'providerOf'>;

const namesById = perObject(
  (names: Tables['names']) => new Map(names.map((row) => [`${row.what} ${row.id}`, row.name])),
);

/** What the tables call something in prose; its id where they do not. */
export const nameOf = (what: NameRow['what'], id: string, { names }: Pick<Tables, 'names'>): string =>
  namesById(names).get(`${what} ${id}`) ?? id;

/** Names of an option in prose; `country`: that of its seller, null on devices. */
export type ProseNames = {
  model: string;
  provider: string;
  country: string | null;
  machine: string | null;
  unit: string;
};

export function proseNames(
  { family, model, mode, provider, fleet, hardware, kind, desk, provisioned }: Option,
  tables: Named,
): ProseNames {
  const base = family === null ? model : nameOf('model', family, tables);
  const country = tables.providerOf.get(provider)?.operatorCountry ?? null;
  const machine = hardware === null ? (provisioned?.offer.product ?? null) : nameOf('accelerator', hardware, tables);
  const gpus = fleet?.gpusPerUnit ?? 1;
  return {
    model: mode === 'thinking' ? `${base} (thinking)` : base,
    provider: nameOf('provider', provider, tables),
    country: kind === 'edge' || country === null ? null : country.toUpperCase(),
    machine: machine === null ? null : gpus > 1 ? `${gpus} × ${machine}` : machine,
    unit: provisioned?.offer.unit.toUpperCase() ?? (desk ? 'workstation' : 'machine'),
  };
}

/** Well-known models to compare an index with, in the order of their index. */
export const scaleOf = (tables: Pick<Tables, 'names' | 'tiers' | 'capabilityOf'>): { model: string; index: number }[] =>
  tables.tiers.flatMap(({ example }) => {
    const row = example === null ? undefined : tables.capabilityOf.get(example);
    return row === undefined ? [] : [{ model: nameOf('model', row.family, tables), index: row.index }];
  });
