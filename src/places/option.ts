import type { Weights } from '../capacity/replica.js';
import { lossAtIndex } from '../capacity/scheme.js';
import type { Seller } from '../cost/extras.js';
import type { FleetRates } from '../cost/fleet-bill.js';
import type {
  AcceleratorRow,
  ApiRow,
  CapabilityRow,
  HostingRow,
  Kind,
  NameRow,
  ProvisionedOfferRow,
  ProvisionedThroughputRow,
  RentalRow,
} from '../tables/columns.js';
import { type RentalPurchase, rentalForms } from '../tables/columns.js';
import type { Origin, Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import type { Boundary, Devices } from '../workload/workload.js';

/** How a machine is come by. */
export type Purchase = RentalPurchase | 'bought' | 'owned';

/** Whether a machine is rented for months at once. */
export const isCommitted = (purchase: Purchase | null): boolean =>
  rentalForms.some((form) => form.purchase === purchase && form.months > 0);

/** An offer of a unit: whose it is, where, how it is bought, and its part of an id. */
export type Offer = {
  provider: string;
  region: string | null;
  reach: Boundary;
  marketplace: boolean;
  instance: string;
  purchase: Purchase | null;
  /** Lowest USD an hour of a unit: the rent, or for own hardware the power of an idle machine. */
  usdPerHour: number;
  /** All its costs, if computed when it was made. */
  rates?: FleetRates;
  /** Months of a commitment; 0: none. */
  termMonths: number;
  /** Units follow the load hour by hour; else they are sized for the highest hour. */
  followsHours: boolean;
  /** Units of it that are owned already. */
  owned: number;
  row: Origin;
  /** Another row that a part of its price is of. */
  alsoOf?: Origin;
  /** The row of its price, and the price under the assumptions at the time; absent: none. */
  madeOf?: RentalRow | HostingRow;
  madeWith?: number;
  /** Its price is another region's of the provider, times a parameter of this value. */
  uplift?: { parameter: string; with: number };
};

/** Machines of equal capacity: so many GPUs of one kind. Offers are sorted by price. */
export type UnitType = { accelerator: AcceleratorRow; gpus: number; offers: Offer[] };

export const cheapest = ({ offers }: UnitType): number => offers[0]?.usdPerHour ?? Number.POSITIVE_INFINITY;

/** Groups offers by what their machines can do; cheapest machines first. */
export function unitTypes(found: Iterable<{ accelerator: AcceleratorRow; gpus: number; offer: Offer }>): UnitType[] {
  const units = new Map<string, UnitType>();
  for (const { accelerator, gpus, offer } of found) {
    const key = `${accelerator.accelerator} ${gpus}`;
    const unit = units.get(key) ?? { accelerator, gpus, offers: [] };
    units.set(key, unit);
    unit.offers.push(offer);
  }
  const sorted = [...units.values()];
  for (const { offers } of sorted) offers.sort((a, b) => a.usdPerHour - b.usdPerHour);
  return sorted.sort((a, b) => cheapest(a) - cheapest(b));
}

/** Tensor-parallel groups a unit can be cut into: powers of two that divide it. */
export function splitsOf(gpus: number): number[] {
  const splits: number[] = [];
  for (let t = 1; t <= gpus; t *= 2) if (gpus % t === 0) splits.push(t);
  return splits;
}

export type Mode = 'standard' | 'thinking';

/** Some of the devices as a fleet: `share` of all; the shares of its classes sum to 1. */
export type DeviceGroup = Devices & { name: string; share: number };

/** A place for a task part: kind, provider, model and mode, and for own machines hardware and purchase. */
export type Option = {
  id: string;
  kind: Kind;
  provider: string;
  /** As the provider names it; for weights of our own the family. */
  model: string;
  family: string;
  mode: Mode;
  quantization: string | null;
  hardware: string | null;
  instance: string | null;
  region: string | null;
  purchase: Purchase | null;
  /** How far data travel on it. */
  reach: Boundary;
  marketplace: boolean;
  capability: CapabilityRow | null;
  /** Index points lost to quantization of weights and cache, at index 50. */
  lossAt50: number;
  contextTokens: number | null;
  maxOutputTokens: number | null;
  modalities: string[];
  retires: string | null;
  /** License of the weights for commercial use; `hosted`: somebody else's to hold. */
  license: 'yes' | 'conditional' | 'no' | 'unknown' | 'hosted';
  api: ApiRow | null;
  fleet: FleetUnit | null;
  /** Throughput of `api` bought by the unit; null: by tokens. */
  provisioned: Provisioned | null;
  /** A machine of one's own that stands at a desk. */
  desk: boolean;
  /** Weights that run on the users' own devices; null: it runs elsewhere. */
  onDevices: Weights | null;
  /** The devices it is for; absent: all of them, or it runs elsewhere. */
  deviceGroup?: DeviceGroup;
};

/** An option of which nothing is known but its kind. */
export const emptyOption = (kind: Kind): Option => ({
  id: '',
  kind,
  provider: '',
  model: '',
  family: '',
  mode: 'standard',
  quantization: null,
  hardware: null,
  instance: null,
  region: null,
  purchase: null,
  reach: 'anywhere',
  marketplace: false,
  capability: null,
  lossAt50: 0,
  contextTokens: null,
  maxOutputTokens: null,
  modalities: [],
  retires: null,
  license: 'unknown',
  api: null,
  fleet: null,
  provisioned: null,
  desk: false,
  onDevices: null,
});

/** A unit of a fleet as bought, and its split into copies of the model. */
export type FleetUnit = {
  offer: Offer;
  weights: Weights;
  accelerator: AcceleratorRow;
  gpusPerUnit: number;
  gpusPerReplica: number;
  /** Places at which such a unit stands. */
  copies: number;
};

/** Who sells what runs on an option; null: it is one's own. */
export const sellerOf = (option: Pick<Option, 'api' | 'provider' | 'family'>): Seller =>
  option.api === null ? null : option;

/** The kind of an option for rules: provisioned throughput counts as its API. */
export const ruledKind = ({ kind, api }: Pick<Option, 'kind' | 'api'>): Kind =>
  kind === 'managed-hosting' && api !== null ? 'cloud-api' : kind;

/** Throughput of a closed model by the unit: its rate, and how it is sold. */
export type Provisioned = {
  throughput: ProvisionedThroughputRow;
  offer: ProvisionedOfferRow;
  /** The row with the price of the offer; null: it has a price of its own. */
  hosting: HostingRow | null;
  /** Offers in the same scope of which no price is published. */
  toAsk: readonly ProvisionedOfferRow[];
};

/** Text for one part of an id: blanks and `/` become hyphens, so that `/` separates. */
const slug = (text: string): string => text.replace(/[\s/]+/g, '-');

/** The model's name in an id: standard and thinking are two options. */
export const withMode = (model: string, mode: Mode): string => (mode === 'thinking' ? `${model}+thinking` : model);

/** `kind/provider/model[+thinking][@scheme]/[instance|NxGPU]/[region]/[purchase]`, without empty parts. */
export function optionId(
  parts: Pick<Option, 'kind' | 'provider' | 'model' | 'mode' | 'quantization' | 'instance' | 'region' | 'purchase'>,
): string {
  const { kind, provider, model, mode, quantization, instance, region, purchase } = parts;
  let id = `${kind}/${provider}/${withMode(model, mode)}`;
  if (quantization !== null) id += `@${quantization}`;
  if (instance !== null) id += `/${slug(instance)}`;
  if (region !== null) id += `/${slug(region)}`;
  if (purchase !== null) id += `/${purchase}`;
  return id;
}

/**
 * Capability index of an option: the index of its mode, less the loss to quantization scaled by i(100 - i)/2500. Its
 * band is that of the better mode, shifted with the index. Null where the tables have no index for the mode.
 */
export function capabilityOf(
  option: Pick<Option, 'capability' | 'mode' | 'lossAt50'>,
): { have: number; low: number; high: number; gateAt: number } | null {
  const row = option.capability;
  const index = row === null ? null : option.mode === 'thinking' ? row.indexThinking : row.indexStandard;
  if (row === null || index === null) return null;
  const loss = lossAtIndex(option.lossAt50, index);
  const shift = index - row.index - loss;
  const low = row.indexLow + shift;
  const have = index - loss;
  return { have, low, high: row.indexHigh + shift, gateAt: row.useLow ? low : have };
}

/** The modes a model is sold in, as far as the tables know an index for them. */
export function modesOf(capability: CapabilityRow | null): Mode[] {
  if (capability === null) return ['standard'];
  const modes: Mode[] = [];
  if (capability.indexStandard !== null) modes.push('standard');
  if (capability.indexThinking !== null) modes.push('thinking');
  return modes.length === 0 ? ['standard'] : modes;
}

/** Tables that know names in prose. */
export type Named = Pick<Tables, 'names' | 'providerOf'>;

const namesById = perObject(
  (names: Tables['names']) => new Map(names.map((row) => [`${row.what} ${row.id}`, row.name])),
);

/** What the tables call something in prose; its id where they do not. */
export const nameOf = (what: NameRow['what'], id: string, { names }: Pick<Tables, 'names'>): string =>
  namesById(names).get(`${what} ${id}`) ?? id;

/** Names of an option in prose; `country`: that of its seller, null on devices. */
export type ProseNames = {
  model: string;
  provider: string;
  country: string | null;
  machine: string | null;
  unit: string;
};

export function proseNames(
  { family, model, mode, provider, fleet, hardware, kind, desk, provisioned }: Option,
  tables: Named,
): ProseNames {
  const base = family === null ? model : nameOf('model', family, tables);
  const country = tables.providerOf.get(provider)?.operatorCountry ?? null;
  const machine = hardware === null ? (provisioned?.offer.product ?? null) : nameOf('accelerator', hardware, tables);
  const gpus = fleet?.gpusPerUnit ?? 1;
  return {
    model: mode === 'thinking' ? `${base} (thinking)` : base,
    provider: nameOf('provider', provider, tables),
    country: kind === 'edge' || country === null ? null : country.toUpperCase(),
    machine: machine === null ? null : gpus > 1 ? `${gpus} × ${machine}` : machine,
    unit: provisioned?.offer.unit.toUpperCase() ?? (desk ? 'workstation' : 'machine'),
  };
}

/** Well-known models to compare an index with, in the order of their index. */
export const scaleOf = (tables: Pick<Tables, 'names' | 'tiers' | 'capabilityOf'>): { model: string; index: number }[] =>
  tables.tiers.flatMap(({ example }) => {
    const row = example === null ? undefined : tables.capabilityOf.get(example);
    return row === undefined ? [] : [{ model: nameOf('model', row.family, tables), index: row.index }];
  });
