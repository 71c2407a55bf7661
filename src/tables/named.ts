import { apiRowsNamed } from './aliases.js';
import type { Tables } from './tables.js';

/**
 * Families of open weights that `name` may mean: the one written so, case aside; else those that a price list of the
 * snapshot sells under that name. Empty: there is none; several: it is not one model's name.
 */
export function familiesNamed(tables: Tables, name: string): string[] {
  const asked = plain(name);
  const own = tables.models.filter(({ family }) => plain(family) === asked);
  if (own.length > 0) return own.map(({ family }) => family);
  const sellers = [...new Set(tables.api.map(({ provider }) => provider))];
  const sold = sellers.flatMap((provider) => apiRowsNamed(tables, provider, name.trim()).map(({ row }) => row.family));
  return [...new Set(sold)].filter((family) => tables.modelOf.has(family)).sort();
}

/** Accelerators that `name` may mean: the one written so, case aside; else those whose id goes on after it. */
export function acceleratorsNamed(tables: Tables, name: string): string[] {
  const asked = plain(name);
  const ids = tables.accelerators.map(({ accelerator }) => accelerator);
  const own = ids.filter((id) => id === asked);
  return own.length > 0 ? own : ids.filter((id) => id.startsWith(`${asked}-`));
}

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
