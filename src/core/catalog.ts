import { type Engine, engineOf, measuredDecode } from '../capacity/replica.js';
import type { MachineColumns } from '../capacity/request-rate.js';
import {
  inScheme,
  machineTable,
  modelsBySize,
  type OwnModel,
  releasedModel,
  weightSchemes,
  weightsIn,
} from '../places/machine-table.js';
import { type Mode, modesOf } from '../places/option.js';
import type { ModelRow, QuantizationRow } from '../tables/columns.js';
import type { StoredColumns, Tables } from '../tables/tables.js';
import type { Workload } from '../workload/workload.js';
import { dominatorsOf, type Family, type ItemColumns, itemColumns, type Names, noDominators } from './items.js';

/** Open models in every mode and scheme (items), and how fast accelerators run them. */
export type Catalog = Names & {
  items: ItemColumns;
  /** By item some that are as fast on every machine for any tokens: see `dominatorsOf`. */
  dominators: Int32Array;
  /** Names of engines. */
  engines: readonly string[];
  /** By engine. */
  machines: readonly MachineColumns[];
  /** By engine: factors of published measurements on decode, by accelerator and model. */
  measured: readonly Float64Array[];
};

type Settings = Pick<Workload, 'assume' | 'capacityError'>;

/** For a single decision dominators take longer than they save. */
export type CatalogUse = 'many decisions' | 'one decision';

/** The catalog of tables under the assumptions on capacity: the stored one where it matches, else a new one. */
export function catalogOf(tables: Tables, settings: Settings, use: CatalogUse = 'many decisions'): Catalog {
  const { stored, columnCache } = tables;
  const engines = enginesOf(tables, settings);
  const key = keyOf(engines);
  const parts = ['catalog', ...ofTables.map((name) => tables[name]), key];
  // Tables with other rows have the columns of those that they were copied from.
  const isStored = stored?.columns.key === key && ofTables.every((name) => tables[name] === stored.tables[name]);
  if (isStored) return columnCache.of(parts, () => readColumns(stored.columns, namesOf(tables), engines));
  return use === 'many decisions' || columnCache.has(parts)
    ? columnCache.of(parts, () => madeOf(tables, namesOf(tables), engines, dominatorsOf))
    : columnCache.of([...parts, use], () => madeOf(tables, namesOf(tables), engines, noDominators));
}

/** Tables that the catalog is made of. */
const ofTables = [
  'models',
  'quantization',
  'capability',
  'accelerators',
  'architectures',
  'efficiency',
  'residuals',
] as const;

/** The same as columns to store. */
export function storedCatalog(tables: Tables, settings: Settings): StoredColumns {
  const engines = enginesOf(tables, settings);
  const { items, dominators, machines, measured } = madeOf(tables, namesOf(tables), engines, dominatorsOf);
  const columns: Record<string, Float64Array | Int32Array | Uint8Array> = { dominators };
  for (const [name, column] of Object.entries(items)) if (ArrayBuffer.isView(column)) columns[`item ${name}`] = column;
  for (const [engine, one] of machines.entries()) {
    columns[`measured ${engine}`] = measured[engine] as Float64Array;
    const { schemes, maxSequences, chunkTokens, activationBytes } = one;
    const { hidden, feedForward, vocabulary } = activationBytes;
    columns[`machine ${engine}`] = Float64Array.of(schemes, maxSequences, chunkTokens, hidden, feedForward, vocabulary);
    for (const [name, column] of Object.entries(one))
      if (ArrayBuffer.isView(column)) columns[`machine ${engine} ${name}`] = column as Float64Array;
  }
  return { key: keyOf(engines), columns };
}

/** A model in a scheme, as options and predictions have it. */
export function ownModelAt({ families, models, schemeRows, items }: Catalog, item: number): OwnModel {
  const { model, option } = families[items.family[item] as number] as Family;
  const scheme = items.scheme[item] as number;
  const weights = weightsIn(models[model] as ModelRow, schemeRows[scheme] as QuantizationRow[]);
  if (weights === null) throw new Error(`${option.model} is in no scheme ${scheme}`);
  return { option: inScheme(option, weights), weights };
}

/** Engines of all kinds of machines, each once, in the order of the catalog. */
export function enginesOf(tables: Tables, settings: Settings): Engine[] {
  const kinds = new Set(tables.accelerators.map(({ kind }) => kind));
  const all = [engineOf(settings, tables), ...[...kinds].map((kind) => engineOf(settings, tables, kind))];
  return [...new Map(all.map((engine) => [engine.row.engine, engine])).values()];
}

/** All of engines that columns depend on and tables do not say. */
const keyOf = (engines: readonly Engine[]): string =>
  JSON.stringify(engines.map(({ efficiency: _, residuals: __, capacityError: ___, ...settings }) => settings));

function namesOf(tables: Tables): Names {
  const schemeRows = weightSchemes(tables);
  const models = modelsBySize(tables);
  const families = models.flatMap((row, model) =>
    schemeRows.some((rows) => weightsIn(row, rows) !== null)
      ? modesOf(tables.capabilityOf.get(row.family) ?? null).map(
          (mode: Mode): Family => ({ model, option: releasedModel(row, mode, tables) }),
        )
      : [],
  );
  const schemes = schemeRows.map(([row]) => row as QuantizationRow);
  return {
    models,
    families,
    schemeRows,
    schemes,
    batched: Uint8Array.from(schemes, ({ batchedServing }) => (batchedServing === true ? 1 : 0)),
    accelerators: [...tables.acceleratorOf.values()],
  };
}

function madeOf(
  tables: Tables,
  names: Names,
  engines: readonly Engine[],
  findDominators: (...of: Parameters<typeof dominatorsOf>) => Int32Array,
): Catalog {
  const items = itemColumns(names, engines[0] as Engine);
  const machines = engines.map((engine) => machineTable(tables, names.schemes, engine));
  const measured = engines.map((engine) => measuredOf(names, engine));
  const dominators = findDominators(items, names, machines, measured);
  return { items, dominators, engines: engines.map(({ row }) => row.engine), machines, measured, ...names };
}

function measuredOf({ models, accelerators }: Names, engine: Engine): Float64Array {
  const factors = new Float64Array(models.length * accelerators.length);
  for (const [m, model] of models.entries())
    for (const [a, accelerator] of accelerators.entries())
      factors[a * models.length + m] = measuredDecode(engine, model, accelerator);
  return factors;
}

function readColumns({ columns }: StoredColumns, names: Names, engines: readonly Engine[]): Catalog {
  const startingWith = (prefix: string) =>
    Object.fromEntries(
      Object.entries(columns).flatMap(([name, column]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), column]] : [],
      ),
    );
  const items = startingWith('item ');
  const machines = engines.map((_, engine) => {
    const [schemes, maxSequences, chunkTokens, hidden, feedForward, vocabulary] = columns[`machine ${engine}`] ?? [];
    return {
      ...{ schemes, maxSequences, chunkTokens },
      activationBytes: { hidden, feedForward, vocabulary },
      ...startingWith(`machine ${engine} `),
    } as MachineColumns;
  });
  return {
    items: { count: items.family?.length, ...items } as ItemColumns,
    dominators: columns.dominators as Int32Array,
    engines: engines.map(({ row }) => row.engine),
    machines,
    measured: engines.map((_, engine) => columns[`measured ${engine}`] as Float64Array),
    ...names,
  };
}
