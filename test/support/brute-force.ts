import { weightsOf } from '../../src/capacity/replica.js';
import { personal } from '../../src/capacity/run.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { verdictsOn } from '../../src/decide/review.js';
import { standsAtDesk } from '../../src/places/fleet-option.js';
import { endpoints } from '../../src/places/managed-hosting.js';
import type { Mode, Option, UnitType } from '../../src/places/option.js';
import { ownedUnits } from '../../src/places/own-hardware.js';
import type { Context } from '../../src/places/placement.js';
import { placementOf, placements } from '../../src/places/registry.js';
import { rentedUnits } from '../../src/places/rented.js';
import { serverlessUnits } from '../../src/places/serverless-gpu.js';
import { mayRun } from '../../src/rules/rule.js';
import type { AcceleratorRow, CapabilityRow, Kind, ModelRow, QuantizationRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { tablesWith } from './scenario.js';

/** Random numbers that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A random part of the price lists and of the models. */
export function someOf(tables: Tables, part: number, seed: number): Tables {
  const random = randomFrom(seed);
  const keep = <Row>(rows: readonly Row[]): Row[] => rows.filter(() => random() < part);
  const models = keep(tables.models);
  const modelOf = new Map(models.map((model) => [model.family, model]));
  return tablesWith(tables, {
    api: keep(tables.api),
    rental: keep(tables.rental),
    hosting: keep(tables.hosting),
    models,
    modelOf,
    accelerators: soldOnly(tables.accelerators, keep(tables.accelerators)),
  });
}

/** Accelerators of which only some can be bought; what is rented stays known. */
export function soldOnly(all: readonly AcceleratorRow[], sold: readonly AcceleratorRow[]): AcceleratorRow[] {
  const isSold = new Set(sold);
  return all.map((row) => (isSold.has(row) ? row : { ...row, listPriceUsd: null }));
}

const modes = (row: CapabilityRow | null): Mode[] => {
  const known: Mode[] = [];
  if (row !== null && row.indexStandard !== null) known.push('standard');
  if (row !== null && row.indexThinking !== null) known.push('thinking');
  return known.length === 0 ? ['standard'] : known;
};

/** Options billed per token, by the ids that the design gives them. */
function tokenOptions(context: Context): Option[] {
  return context.tables.api.flatMap((row) =>
    modes(context.tables.capabilityOf.get(row.family) ?? null).flatMap((mode) =>
      placements.flatMap(({ kind, lookUp, perToken }) => {
        const id = `${kind}/${row.provider}/${row.modelId}${mode === 'thinking' ? '+thinking' : ''}`;
        return !perToken ? [] : (lookUp(id, context) ?? []);
      }),
    ),
  );
}

/** Every model in every scheme on every machine in every purchase, in every tensor-parallel size: no bound, no order. */
const schemesFor = (model: ModelRow, rows: readonly QuantizationRow[], personal: boolean): QuantizationRow[] =>
  rows.filter(
    (row) =>
      row.appliesTo === 'weights' &&
      (row.batchedServing || personal) &&
      row.bitsPerWeight !== null &&
      model.paramsTotalB > row.aboveB &&
      (row.upToB === null || model.paramsTotalB <= row.upToB) &&
      (row.onlyNativeDtype === null || (model.nativeDtype ?? '').includes(row.onlyNativeDtype)),
  );

/** Every model in every scheme and mode on one machine, cut up in every way, bought in every way. */
function onUnit(
  kind: Kind,
  { accelerator, gpus, offers }: UnitType,
  copies: number,
  personal: boolean,
  { tables }: Context,
) {
  const options: Option[] = [];
  for (const model of tables.models) {
    const capability = tables.capabilityOf.get(model.family) ?? null;
    for (const scheme of schemesFor(model, tables.quantization, personal)) {
      const weights = weightsOf(model, scheme);
      if (weights === null) continue;
      for (const mode of modes(capability)) {
        for (const offer of offers) {
          const { provider, region, reach, instance, purchase, marketplace } = offer;
          for (let gpusPerReplica = 1; gpusPerReplica <= gpus; gpusPerReplica *= 2) {
            if (gpus % gpusPerReplica !== 0) continue;
            options.push({
              id: [
                kind,
                provider,
                model.family,
                mode,
                scheme.scheme,
                gpus,
                instance,
                region,
                purchase,
                gpusPerReplica,
              ].join(' '),
              kind,
              provider,
              model: model.family,
              family: model.family,
              mode,
              quantization: scheme.scheme,
              hardware: accelerator.accelerator,
              instance,
              region,
              purchase,
              reach,
              marketplace,
              desk: standsAtDesk(kind, { accelerator, gpus }),
              capability,
              lossAt50: (model.nativeDtype ?? '').startsWith(scheme.scheme) ? 0 : scheme.lossLikely,
              contextTokens: model.maxContext,
              maxOutputTokens: null,
              modalities: model.modalities,
              retires: null,
              license: model.commercialUse ?? 'unknown',
              api: null,
              fleet: { offer, weights, accelerator, gpusPerUnit: gpus, gpusPerReplica, copies },
              onDevices: null,
              provisioned: null,
            });
          }
        }
      }
    }
  }
  return options;
}

const fleetOptions = (context: Context): Option[] => [
  ...rentedUnits(context, false).flatMap((unit) => onUnit('self-hosted-cloud', unit, 1, false, context)),
  ...endpoints(context).flatMap((unit) => onUnit('managed-hosting', unit, 1, false, context)),
  // A worker holds one replica: it is not cut up.
  ...serverlessUnits(context).flatMap((unit) =>
    onUnit('serverless-gpu', unit, 1, false, context).filter(
      ({ fleet }) => fleet !== null && fleet.gpusPerReplica === unit.gpus,
    ),
  ),
  ...ownedUnits(context).flatMap((unit) =>
    onUnit('on-prem', unit, context.workload.sites, personal.has(unit.accelerator.kind), context),
  ),
];

/** Every model in every scheme for one user at a time, by the ids that the design gives them. */
const deviceOptions = (context: Context): Option[] =>
  context.tables.models.flatMap((model) =>
    schemesFor(model, context.tables.quantization, true)
      .filter(({ batchedServing }) => !batchedServing)
      .flatMap(({ scheme }) =>
        modes(context.tables.capabilityOf.get(model.family) ?? null).flatMap((mode) => {
          const thinking = mode === 'thinking' ? '+thinking' : '';
          return placementOf('edge').lookUp(`edge/devices/${model.family}${thinking}@${scheme}`, context) ?? [];
        }),
      ),
  );

/** Throughput of closed models by the unit, in every offer, by the ids that the design gives them. */
const provisionedOptions = (context: Context): Option[] =>
  context.tables.provisionedThroughput.flatMap(({ provider, modelId }) =>
    context.tables.provisionedOffers.flatMap(({ product, provider: seller }) =>
      (seller === provider ? ['', '+thinking'] : []).flatMap((mode) => {
        const id = `managed-hosting/${provider}/${modelId}${mode}/${product.replaceAll(' ', '-')}`;
        const found = placementOf('managed-hosting').lookUp(id, context);
        return found?.provisioned ? [found] : [];
      }),
    ),
  );

export const everyOption = (context: Context): Option[] => [
  ...tokenOptions(context),
  ...provisionedOptions(context),
  ...fleetOptions(context),
  ...(context.workload.devices === null ? [] : deviceOptions(context)),
];

/** Whether no gate turns an option down for a task, everything asked. */
export function maySlice(option: Option, taskPart: TaskPart, context: Context): boolean {
  const service = placementOf(option.kind).service(option, taskPart, context);
  if (isUnpriced(service)) return false;
  return verdictsOn(option, taskPart, context, service).every(({ verdict }) => mayRun(verdict));
}
