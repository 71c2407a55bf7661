import { axisNames } from '../../analyses/break-even/answer.js';
import { ruleForms } from '../../analyses/check/rules.js';
import { kinds } from '../../tables/kinds.js';
import type { Tables } from '../../tables/tables.js';
import { scenarioJsonSchema } from '../../workload/json-schema.js';
import { capacityParameters } from '../capacity-predictor.js';
import type { CommandTree } from './tree.js';

/**
 * Names to complete: those of the tables given, and of the command line. Only such as no shell reads anything into, but for
 * < and > at an end, which scripts quote.
 */
export function namesOf(tables: Tables, snapshots: readonly string[]): CommandTree['names'] {
  const assumed = tables.assumptions.map(({ name }) => `assumptions.${name}=`);
  const answers = tables.guides.guides.flatMap(({ id, inputs }) => inputs.map(({ name }) => `${id}.${name}=`));
  return {
    snapshots: [...snapshots].reverse(),
    models: plain([...tables.api.map(({ modelId }) => modelId), ...tables.api.map(({ family }) => family)]),
    families: plain(tables.models.map(({ family }) => family)),
    model_makers: plain(tables.models.map(({ vendor }) => vendor)),
    accelerators: plain(tables.accelerators.map(({ accelerator }) => accelerator)),
    hardware_makers: plain(tables.accelerators.map(({ vendor }) => vendor)),
    providers: plain(tables.providers.map(({ provider }) => provider)),
    engines: plain(tables.engines.map(({ engine }) => engine)),
    quantizations: plain(tables.quantization.map(({ scheme }) => scheme)),
    places: [...kinds],
    axes: plain(axisNames),
    settings: plain([...settable(scenarioJsonSchema()).map((path) => `${path}=`), ...assumed]),
    capacity_settings: plain(capacityParameters.map((name) => `${name}=`)),
    guide_answers: plain(answers),
    rules: [...new Set(ruleForms.map((form) => form.replace(/(?<=[<>]).*/, '')))].sort(),
  };
}

const plain = (names: readonly string[]): string[] =>
  [...new Set(names)].filter((name) => /^[\w.:+/=@-]+$/.test(name)).sort();

type Schema = { properties?: Record<string, Schema> };

/** Paths of a scenario that take a value, but for those in lists, which have names of the user's. */
function settable({ properties = {} }: Schema, path: readonly string[] = []): string[] {
  return Object.entries(properties)
    .filter(
      ([key]) => path.length > 0 || !['version', 'name', 'expect', 'prices', 'existing', 'assumptions'].includes(key),
    )
    .flatMap(([key, inner]) =>
      inner.properties ? settable(inner, [...path, key]) : 'items' in inner ? [] : [[...path, key].join('.')],
    );
}
