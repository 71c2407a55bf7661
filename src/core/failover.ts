import type { UnitType } from '../places/fleet-units.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { availabilityOf, mayLack } from '../rules/service.js';
import { isAtLeast } from '../units/float.js';
import { onlyPart } from '../workload/workload.js';
import { kindOf, numberOf } from './kinds.js';
import type { Supply } from './supply.js';

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
