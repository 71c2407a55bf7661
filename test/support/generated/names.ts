import type { ParameterRow } from '../../../src/tables/columns.js';
import { offeredTokens } from '../../../src/tables/integrity.js';
import { apiRowsNamed } from '../../../src/tables/query.js';
import { bareWord, isExpression, knownWords, wordsAsked } from '../../../src/tables/rules.js';
import type { Tables } from '../../../src/tables/tables.js';
import { isCount } from '../../../src/workload/known-names.js';

/** An API's model by the names that the tables have for it. */
export type Offer = { provider: string; model: string; kind: 'cloud-api' | 'open-model-api'; hasTier: boolean };
/** A machine to rent. */
export type Machine = { provider: string; instance: string; accelerator: string; region: string };

/** What a scenario may name: all of it is in each of some tables. */
export type Names = ReturnType<typeof namesIn>;

/** What is in all of several lists, told by its text. */
const inAll = <Item>(lists: readonly (readonly Item[])[]): Item[] => {
  const [first = [], ...others] = lists;
  const sets = others.map((list) => new Set(list.map((item) => JSON.stringify(item))));
  const items = new Map(first.map((item) => [JSON.stringify(item), item]));
  return [...items].filter(([key]) => sets.every((set) => set.has(key))).map(([, item]) => item);
};

/** Units in which how much is searched is told: the answer should not depend on them. */
const searched = /^(?:bounds|cells|decisions|draws|evaluations|flips|levels|plans|rounds|slices|steps|volumes|ways)$/;

const isDrawn = ({ low, high, unit, used }: ParameterRow): boolean =>
  used && low >= 0 && low < high && !searched.test(unit) && (!isCount(unit) || Number.isInteger(low));

export function namesIn(all: readonly Tables[]) {
  const each = <Item>(list: (tables: Tables) => Iterable<Item>): Item[] =>
    inAll(all.map((tables) => [...list(tables)]));
  const accelerators = (fits: (kind: string) => boolean) => (tables: Tables) =>
    tables.accelerators.filter(({ kind }) => fits(kind)).map(({ accelerator }) => accelerator);
  return {
    profiles: each(({ profileOf }) => profileOf.keys()),
    types: each(({ taskOf }) => taskOf.keys()),
    /** Presets that redact. */
    redactors: each(({ tasks }) => tasks.flatMap(({ task }) => (task.includes('redaction') ? [task] : []))),
    /** Models whose quality is known, in their thinking mode too. */
    models: each(({ yardstickOf }) =>
      [...yardstickOf.values()].flatMap(({ family, indexStandard, indexThinking }) => [
        ...(indexStandard === null ? [] : [family]),
        ...(indexThinking === null ? [] : [`${family}+thinking`]),
      ]),
    ),
    weights: each(({ modelOf }) => modelOf.keys()),
    cards: each(accelerators((kind) => kind === 'datacenter' || kind === 'workstation')),
    devices: each(accelerators((kind) => kind !== 'datacenter')),
    /** Those that sell something. */
    providers: each(({ api, rental, hosting }) => [api, rental, hosting].flat().map(({ provider }) => provider)),
    families: each(({ api }) => api.map(({ family }) => family)),
    judged: each(({ capabilityOf }) => capabilityOf.keys()),
    offers: each((tables) =>
      tables.api.map(
        ({ provider, modelId, openWeights }): Offer => ({
          provider,
          model: modelId,
          kind: openWeights ? 'open-model-api' : 'cloud-api',
          hasTier: apiRowsNamed(tables, provider, modelId).every(({ row }) => row.tierAboveInputTokens !== null),
        }),
      ),
    ),
    machines: each(({ rental }) =>
      rental.map(
        ({ provider, instanceType, accelerator, region }): Machine => ({
          ...{ provider, instance: instanceType, accelerator, region },
        }),
      ),
    ),
    regimes: each(({ regimes }) => regimes.map(({ regime, dataKind }) => ({ regime, kind: dataKind }))),
    residencies: each(({ providers }) =>
      providers.flatMap(({ regions }) => regions.filter((word) => !word.startsWith('no:')).map(bareWord)),
    ),
    agreements: each((tables) => knownWords('agreements', tables)),
    certs: each((tables) => knownWords('certs', tables)),
    options: each((tables) => knownWords('options', tables)),
    declared: each((tables) => wordsAsked(tables, 'org')),
    claims: each((tables) => [...offeredTokens(tables)].filter(isExpression)),
    parameters: each(({ parameterOf }) =>
      [...parameterOf]
        .filter(([, row]) => isDrawn(row))
        .map(([name, { low, likely, high }]) => ({ name, low, likely, high })),
    ),
  };
}
