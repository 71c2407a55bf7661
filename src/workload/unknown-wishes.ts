import { apiRowsNamed } from '../tables/aliases.js';
import { kinds } from '../tables/kinds.js';
import type { Tables } from '../tables/tables.js';
import { nearest, suggestion } from '../units/suggest.js';
import { facetOf, isProvider, providerNames, wishNames } from './facets.js';
import { type Finding, findingWarning } from './finding.js';
import type { Scenario } from './schema.js';
import { shapes } from './shapes.js';

/** What may be added to what is looked at anyway. */
const includable = ['marketplace'];

/**
 * Names under `preferences`, in `today.option` and `expect.shape` that nothing answers to. Warnings: who is on sale differs
 * between snapshots, and a scenario is to be read with each of them.
 *
 * @param tables with the scenario's own prices in them: those may be of providers of its own
 */
export function unknownWishes({ preferences, today, expect: expected }: Scenario, tables: Tables): Finding[] {
  return [
    ...(['only', 'exclude'] as const).flatMap((key) =>
      (preferences?.[key] ?? []).flatMap((name, index) => {
        const facet = facetOf(name, tables);
        if (facet === null) return [unknownWish(key, name, index, tables)];
        if (facet !== 'shape' || key !== 'only') return [];
        const message = `\`${name}\` is a second place, which may be under exclude alone, so it has no effect`;
        return [findingWarning('no-effect', ['preferences', key, index], message)];
      }),
    ),
    ...(preferences?.include ?? []).flatMap((name, index) => {
      if (includable.includes(name)) return [];
      const message = `\`${name}\` adds nothing to what is considered, so it has no effect`;
      const hint = suggestion(name, includable, 'known');
      return [findingWarning('no-effect', ['preferences', 'include', index], message, { suggestion: hint })];
    }),
    ...(today ? unknownOption(today.option, tables) : []),
    ...(expected?.shape ? unknownShape(expected.shape) : []),
  ];
}

/** A warning too: a word that no plan is called is legal within a major version of the scenario. */
function unknownShape(name: string): Finding[] {
  if (shapes.some((known) => known === name)) return [];
  const hint = suggestion(name, shapes, 'known');
  return [
    findingWarning('unknown-shape', ['expect', 'shape'], `no plan has the shape \`${name}\``, { suggestion: hint }),
  ];
}

/** Not to be looked at, it has no effect; alone to be looked at, it leaves out whatever is sold. */
const unknownTo = {
  only: { code: 'unknown-wish', so: 'it counts as a provider that sells nothing' },
  exclude: { code: 'no-effect', so: 'it has no effect' },
} as const;

function unknownWish(key: keyof typeof unknownTo, name: string, index: number, tables: Tables): Finding {
  const { code, so } = unknownTo[key];
  const message = `the tables know no kind of place, provider or form of purchase \`${name}\`, so ${so}`;
  const near = nearest(name, wishNames(tables));
  const hint = near === null ? `kinds of place: ${kinds.join(', ')}` : `did you mean \`${near}\`?`;
  return findingWarning(code, ['preferences', key, index], message, { suggestion: hint });
}

/** What somebody owns has no provider in the tables. */
const owned: ReadonlySet<string> = new Set(['on-prem', 'edge']);
const tokenSold: ReadonlySet<string> = new Set(['cloud-api', 'open-model-api']);

/** A part of an id that the tables do not have; `near`: what is most likely meant. */
type Mistake = { message: string; suggestion: string | null; near: string | null };

/** The first part of an option's id that the tables do not have, and near names; null: none; plans are told apart by their `=`. */
export function mistakeIn(id: string, tables: Tables): Mistake | null {
  if (id.includes('=')) return null;
  const [kind = '', provider = '', ...rest] = id.split('/');
  const model = rest.join('/').replace(/\+thinking$/, '');
  const told = (what: string, name: string, candidates: readonly string[]) => ({
    message: `the tables have no ${what} \`${name}\``,
    suggestion: suggestion(name, candidates, 'known'),
    near: nearest(name, candidates),
  });
  if (!kinds.some((known) => known === kind)) return told('kind of place', kind, kinds);
  if (owned.has(kind)) return null;
  if (!isProvider(provider, tables)) return told('provider', provider, providerNames(tables));
  if (!tokenSold.has(kind) || apiRowsNamed(tables, provider, model).length > 0) return null;
  const sold = tables.api.filter((row) => row.provider === provider).map(({ modelId }) => modelId);
  return told(`model of ${provider}`, model, sold);
}

function unknownOption(id: string, tables: Tables): Finding[] {
  const mistake = mistakeIn(id, tables);
  if (mistake === null) return [];
  const message = `${mistake.message}, so today's option is not known`;
  return [findingWarning('unknown-option', ['today', 'option'], message, { suggestion: mistake.suggestion })];
}
