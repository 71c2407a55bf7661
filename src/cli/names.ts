import { axisNames } from '../analyses/break-even/answer.js';
import { ruleForms } from '../analyses/check/rules.js';
import { factNames } from '../tables/guide-facts.js';
import { kinds } from '../tables/kinds.js';
import type { Tables } from '../tables/tables.js';
import { scenarioShape } from '../workload/json-schema.js';
import { capacityParameters } from './capacity-parameters.js';

/** Names to complete, of the tables and of the command line. */
export const namesOf = (tables: Tables, snapshots: readonly string[], presets: readonly string[]) =>
  ({
    snapshots,
    models: tables.api.flatMap(({ modelId, family }) => [modelId, family]),
    families: tables.models.map(({ family }) => family),
    model_makers: tables.models.map(({ vendor }) => vendor),
    accelerators: tables.accelerators.map(({ accelerator }) => accelerator),
    hardware_makers: tables.accelerators.map(({ vendor }) => vendor),
    providers: tables.providers.map(({ provider }) => provider),
    engines: tables.engines.map(({ engine }) => engine),
    quantizations: tables.quantization.map(({ scheme }) => scheme),
    places: kinds,
    axes: axisNames.filter((name) => !name.includes('<')),
    settings: [...settable(scenarioShape()), ...tables.assumptions.map(({ name }) => `assumptions.${name}`)].map(
      (path) => `${path}=`,
    ),
    capacity_settings: capacityParameters.map((name) => `${name}=`),
    guide_answers: [...new Set(tables.guides.map(({ guide }) => guide))].flatMap((id) =>
      factNames.map((name) => `${id}.${name}=`),
    ),
    presets: [...presets, ...tables.tasks.map(({ task }) => task)],
    rules: ruleForms.map((form) => form.replace(/(?<=[<>]).*/, '')),
  }) satisfies Record<string, readonly string[]>;

export type Names = Readonly<ReturnType<typeof namesOf>>;
/** Lists of names, of the shipped tables or of the command line. */
export type NameList = keyof Names;

type Shape = { properties?: Record<string, Shape> };
const notSet = ['version', 'name', 'expect', 'prices', 'existing', 'assumptions'];

/** Paths of a scenario that take a value, without those in lists with user names. */
const settable = ({ properties = {} }: Shape, at: readonly string[] = []): string[] =>
  Object.entries(properties)
    .filter(([key]) => at.length > 0 || !notSet.includes(key))
    .flatMap(([key, inner]) => {
      if (inner.properties) return settable(inner, [...at, key]);
      return 'items' in inner ? [] : [[...at, key].join('.')];
    });
