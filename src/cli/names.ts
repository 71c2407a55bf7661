import { axisNames } from '../analyses/break-even/answer.js';
import { ruleForms } from '../analyses/check/rules.js';
import { kinds } from '../tables/column.js';
import { factNames } from '../tables/row-facts.js';
import type { Tables } from '../tables/tables.js';
import { scenarioShape } from '../workload/issues.js';
import { type Io, packagePath } from './io.js';

/** Assumptions that answers of `capacity` depend on. */
export const capacityParameters: readonly string[] = [
  ...[
    'activationFactor',
    'runtimeGbPerGpu',
    'memoryError',
    'firstTokenMeasuredUpTo',
    'firstTokenWidening',
    'pagedKvOverhead',
    'tiedEmbeddingUpToB',
    'slowSchemeFactor',
  ],
  ...['publishedBatchSpread', 'publishedFormulaWeight', 'publishedLargestError'],
  ...['inputLengthSpread', 'outputLengthSpread', 'highestLoad', 'spareReplicas', 'spareShare'],
  ...['ownMeasurementPriorSd', 'ownMeasurementScatter', 'ownMeasurementDegrees'],
];

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

/** A shipped scenario to begin with: what it is for. */
export type Preset = { name: string; about: string; text: string };

/** Shipped scenarios with a line `# preset: …`, which says what they are for. */
export async function presets(io: Pick<Io, 'listFolder' | 'readText'>): Promise<Preset[]> {
  const folder = packagePath('scenarios');
  const files = (io.listFolder(folder) ?? []).filter((file) => file.endsWith('.yaml'));
  const read = await Promise.all(files.map(async (file) => ({ file, ...(await io.readText(`${folder}/${file}`)) })));
  return read.flatMap(({ file, text }) => {
    const about = /^# preset: (.+)$/m.exec(text ?? '')?.[1];
    return text === null || about === undefined ? [] : [{ name: file.replace(/\.yaml$/, ''), about, text }];
  });
}
