import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { capability, context as contextRule, modality, tools } from '../rules/model.js';
import { dataGates, gates } from '../rules/registry.js';
import { type Gate, isPlain, mayRun } from '../rules/rule.js';
import { type Mask, numbers } from '../units/columns.js';
import { isAtLeast } from '../units/float.js';
import { onlyPart, type TaskPart } from '../workload/workload.js';
import type { Apis } from './apis.js';
import { type Catalog, ownModelAt } from './catalog.js';
import type { Family } from './items.js';
import type { Offers } from './offers.js';
import type { Among } from './supply.js';

/**
 * Rules that exclude something, a bit each by their place in the registry: of places, of models as released
 * (`families`) and in a scheme (`items`), and of APIs; without those on tokens and latency.
 */
export type Verdicts = { places: Int32Array; families: Int32Array; items: Int32Array; apis: Int32Array };

/** A rule that applies to a task, and its bit. */
type Asked = Gate & { bit: number };

/** The bit of a rule. */
export const bitOf = (id: string): number => 1 << gates.findIndex((gate) => gate.id === id);

/** The rule of the lowest bit; null: none is set. */
export const firstRule = (bits: number): string | null =>
  bits === 0 ? null : (gates[31 - Math.clz32(bits & -bits)]?.id ?? null);

/** Rules on a family in a mode alone, checked once for all its APIs. */
const byIndex: ReadonlySet<string> = new Set([modality.id, tools.id, capability.id]);

/** What rules about the data read: tables, and needs of a task. */
const ofTables = ['providers', 'regions', 'regimes', 'impliedTokens', 'claims'] as const;

function dataTermsOf({ needs }: TaskPart): string {
  const { sensitivity, boundary, boundaryGiven, dataKinds, regimes, ownRegimes, residency } = needs;
  const { agreements, declared } = needs;
  return JSON.stringify([
    ...[sensitivity, boundary, boundaryGiven, dataKinds, regimes, ownRegimes, residency, [...declared]],
    agreements && [[...agreements.signed], [...agreements.canSign]],
  ]);
}

/**
 * Checks every rule against everything that it can distinguish.
 *
 * @param ask all rules, or none after the first that excludes something
 */
export function verdictsOf(
  catalog: Catalog,
  offers: Offers,
  apis: Apis,
  context: Context,
  ask: 'all' | 'first',
  ignore: string | null = null,
  among?: Among,
): Verdicts {
  const taskPart = onlyPart(context.workload);
  const { unconditional } = context.workload.rules;
  const asked = gates.flatMap((gate, at): Asked[] =>
    gate.id !== contextRule.id && gate.id !== ignore && (gate.asks?.(taskPart, context) ?? true)
      ? [{ bit: 1 << at, ...gate }]
      : [],
  );
  const failing = (some: readonly Asked[], option: Option, before = 0): number => {
    let bits = before;
    for (const { check, bit, id } of some) {
      if (ask === 'first' && bits !== 0 && bit > (bits & -bits)) break;
      const verdict = check(option, taskPart, context, null);
      const passes = unconditional === true && dataGates.has(id) ? isPlain(verdict) : mayRun(verdict);
      if (!passes) bits = ask === 'first' ? bit : bits | bit;
    }
    return bits;
  };
  /** What does not take part fails everything. */
  const failingEach = (
    some: readonly Asked[],
    options: readonly Option[],
    before: Int32Array | null = null,
    mask?: Mask,
  ) => numbers(options.length, (at) => (mask?.[at] === 0 ? -1 : failing(some, options[at] as Option, before?.[at])));
  const ofData = asked.filter(({ id }) => dataGates.has(id));
  const ofPlaces = asked.filter(({ id, level }) => level === 'provider' && !dataGates.has(id));
  const ofMachines = asked.filter(({ level, ofMachines: holds }) => level === 'provider' || holds === true);
  const ofModels = asked.filter(({ level }) => level === 'model');
  const ofOffers = asked.filter(({ id, level }) => (level === 'model' || level === 'option') && !byIndex.has(id));
  const ofIndex = ofModels.filter(({ id }) => byIndex.has(id));
  const byDataRules = (): Int32Array => failingEach(ofData, apis.placeOptions, null, among?.apiPlaces);
  // Scenarios of a batch have few different data rules.
  const key = ['data rules', apis, ...ofTables.map((name) => context.tables[name]), ask, unconditional, ignore];
  const byData = among ? byDataRules() : context.tables.columnCache.of([...key, dataTermsOf(taskPart)], byDataRules);
  const atPlace = failingEach(ofPlaces, apis.placeOptions, byData, among?.apiPlaces);
  const byModel = failingEach(ofIndex, apis.modelOptions);
  const released = catalog.families.map(({ option }) => option);
  const families = failingEach(ofModels, released, null, among?.families);
  const atApi = numbers(
    apis.count,
    (api) => (atPlace[apis.place[api] as number] as number) | (byModel[apis.model[api] as number] as number),
  );
  return {
    places: failingEach(ofMachines, offers.places, null, among?.places),
    families,
    items: itemsOf(families),
    apis: failingEach(ofOffers, apis.option, atApi, among?.apis),
  };

  /** A scheme costs capability alone: rules on that are checked again where it is lower. */
  function itemsOf(ofFamily: Int32Array): Int32Array {
    const { items } = catalog;
    const { need } = taskPart.needs.capability;
    const floor = taskPart.needs.modalities.includes('image')
      ? context.workload.assume('visionTextFloor')
      : Number.NEGATIVE_INFINITY;
    const bits = new Int32Array(items.count);
    for (let item = 0; item < items.count; item++) {
      const family = items.family[item] as number;
      const released = ofFamily[family] as number;
      const judged = items.judged[item] as number;
      const isSame = items.lossless[item] === 1 || (isAtLeast(judged, need) && isAtLeast(judged, floor));
      // What is good enough in a smaller form is so as released.
      bits[item] = isSame
        ? released
        : released | (mayBeNamed(catalog.families[family] as Family) ? asOption(item) : below(judged, need, floor));
    }
    return bits;
  }

  /** Whether a rule on capability may let a model pass that is below the number. */
  function mayBeNamed({ option: { family, capability: row } }: Family): boolean {
    const { named } = taskPart.needs.capability;
    return named !== undefined && (family === named.family || row?.method === `predecessor:${named.family}`);
  }

  function asOption(item: number): number {
    return failing(ofIndex, ownModelAt(catalog, item).option);
  }

  function below(judged: number, need: number, floor: number): number {
    // What no index is known of is not held to the floor.
    const readsBadly = judged < floor && !isAtLeast(judged, floor);
    const isTooWeak = !isAtLeast(judged, need);
    return asked.reduce(
      (bits, { id, bit }) =>
        (id === capability.id && isTooWeak) || (id === modality.id && readsBadly) ? bits | bit : bits,
      0,
    );
  }
}
