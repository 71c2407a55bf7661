import type { Offer, Option, UnitType } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { availabilityOf, mayLack } from '../rules/service.js';
import type { Tables } from '../tables/tables.js';
import type { Mask } from '../units/columns.js';
import { isAtLeast } from '../units/numeric.js';
import { onlyPart, type Workload } from '../workload/workload.js';
import { type Apis, apisOf, kindOf, numberOf } from './apis.js';
import { type Catalog, type CatalogUse, catalogOf } from './catalog.js';
import { type Offers, offersOf } from './offers.js';

/** All that may serve any scenario of some terms. */
export type Supply = { tables: Tables; catalog: Catalog; apis: Apis; offers: Offers; among?: Among };

/** The part of it that takes part, 1: APIs and their places, offers and theirs, families of models. */
export type Among = Record<'apis' | 'apiPlaces' | 'offers' | 'places' | 'families', Mask>;

/** The supply with the places and models of some options left. */
export function amongOptions(supply: Supply, options: readonly Option[]): Supply {
  const { apis, offers, catalog } = supply;
  const ids = new Set(options.map(({ id }) => id));
  const sold = new Set(options.flatMap(({ fleet }) => (fleet === null ? [] : offerKey(fleet.offer))));
  const models = new Set(options.map(({ family }) => family));
  const among: Among = {
    apis: maskOf(apis.option, ({ id }) => ids.has(id)),
    offers: maskOf(offers.source, (offer) => sold.has(offerKey(offer))),
    families: maskOf(catalog.families, ({ model }) => models.has(catalog.models[model]?.family ?? '')),
    apiPlaces: new Uint8Array(apis.placeOptions.length),
    places: new Uint8Array(offers.places.length),
  };
  for (let api = 0; api < apis.count; api++) if (among.apis[api] === 1) among.apiPlaces[apis.place[api] as number] = 1;
  for (let offer = 0; offer < offers.count; offer++)
    if (among.offers[offer] === 1) among.places[offers.place[offer] as number] = 1;
  if (options.some(({ onDevices }) => onDevices !== null)) among.places[offers.devicePlace] = 1;
  return { ...supply, among };
}

const offerKey = ({ provider, region, instance, purchase }: Offer): string =>
  [provider, region, instance, purchase].join(' ');

const maskOf = <One>(all: readonly One[], takes: (one: One) => boolean): Mask =>
  Uint8Array.from(all, (one) => (takes(one) ? 1 : 0));

/**
 * All that may serve a scenario; shared by successive scenarios that buy on the same terms.
 *
 * @param use see `CatalogUse`
 */
export function supplyOf(context: Context, use: CatalogUse = 'many decisions'): Supply {
  const { tables, workload } = context;
  // Capacity does not depend on prices: tables in which these are drawn share the catalog.
  const catalog = catalogOf(tables.copiedFrom ?? tables, workload, use);
  const apis = apisOf(tables);
  const { rental, hosting, accelerators, owning } = tables;
  const madeOf = [
    'offers',
    catalog,
    apis,
    rental,
    hosting,
    accelerators,
    owning,
    workload.assumptions,
    termsOf(workload),
  ];
  return { tables, catalog, apis, offers: tables.columnCache.of(madeOf, () => offersOf(catalog, apis, context)) };
}

/** Everything of a workload but its assumptions that offers depend on. */
export function termsOf(workload: Workload): string {
  const { months, hoursPerMonth, once, ownRoom, sites, existing, devices, rules, taskParts } = workload;
  return JSON.stringify([
    ...[
      months,
      hoursPerMonth,
      once,
      ownRoom,
      sites,
      existing,
      devices?.owner,
      devices?.count,
      rules.includeMarketplace,
    ],
    ...taskParts.map(({ needs }) => [needs.residency, needs.availability]),
  ]);
}

/** Share of time that places answer, NaN: unknown: index = API, and offer. */
export type Availability = {
  apis: Float64Array;
  offers: Float64Array;
  /** The required share of time, and the most that two places reach. */
  asked: number;
  most: number;
  /** By deployment type, 1 where some places of it may answer too little. */
  lacks: Uint8Array;
};

/** Deployment types of a fallback. */
export const secondKinds = [numberOf('cloud-api'), numberOf('open-model-api')];

export function availabilityIn({ apis, offers }: Supply, api: Int32Array, context: Context): Availability {
  const { workload } = context;
  const taskPart = onlyPart(workload);
  const asked = taskPart.needs.availability ?? 0;
  const shareOf = (option: Option): number => availabilityOf(option, context)?.share ?? Number.NaN;
  const ofApis = new Float64Array(apis.count).fill(Number.NaN);
  for (const one of api) ofApis[one] = shareOf(apis.option[one] as Option);
  const onPrem = numberOf('on-prem');
  const ofOffers = Float64Array.from(offers.source, (offer, o) => {
    const unit = offers.unit[o] as number;
    const place = offers.places[offers.place[o] as number] as Option;
    if (offers.units.kind[unit] !== onPrem) return shareOf(place);
    const { accelerator, gpus } = offers.units.type[unit] as UnitType;
    // Machines that are owned have no stand-in: the rule looks at what they are.
    const fleet = { offer, accelerator, gpusPerUnit: gpus };
    return shareOf({ ...place, fleet: fleet as NonNullable<Option['fleet']> });
  });
  return {
    apis: ofApis,
    offers: ofOffers,
    asked,
    most: workload.assume('availabilityApiTwoVendorFailover'),
    lacks: Uint8Array.from(kindOf, (kind, k) => (secondKinds.includes(k) || mayLack(kind, asked, context) ? 1 : 0)),
  };
}

/** Whether a place with its fallback has the required availability. */
export const isEnough = ({ asked, most }: Availability, one: number, other: number): boolean =>
  isAtLeast(Math.min(1 - (1 - one) * (1 - other), most), asked);
