import { type CostLine, isUnpriced, type Unpriced } from '../cost/curve.js';
import { unitsNeeded } from '../cost/fleet.js';
import type { FleetWords } from '../cost/fleet-bill.js';
import { type FleetRates, fleetBill, ratesOf } from '../cost/fleet-bill.js';
import { nobody, type Staff } from '../cost/people.js';
import { countedTokens, provisionedCosts, stepsNeeded, tracedBusiest, tracedCounted } from '../cost/provisioned.js';
import { given, numbers, product, quotient, type Traced } from '../formula/traced.js';
import type { Kind, ProvisionedOfferRow } from '../tables/columns.js';
import { apiKindOf } from '../tables/query.js';
import type { Origin, Tables } from '../tables/tables.js';
import { secondsPerMinute } from '../units/month.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type Option, optionId, type Provisioned } from './option.js';
import type { Context, Placement, TaskService, TracedService } from './placement.js';
import { reasoningTokens, tracedReasoning } from './service-trace.js';
import { apiOptions, cloudApi } from './token-api.js';

const kind: Kind = 'managed-hosting';

/** An option on provisioned throughput, with the API that it is bought of. */
type ProvisionedOption = Option & { provisioned: Provisioned; api: NonNullable<Option['api']> };
const isProvisioned = (option: Option): option is ProvisionedOption => option.provisioned !== null;

/** USD for an hour of a unit; null: not published. */
const unitUsdPerHour = ({ offer, hosting }: Pick<Provisioned, 'offer' | 'hosting'>): number | null =>
  hosting?.usdPerUnit ?? offer.usdPerUnitHour;

/** Smallest purchase and step, in units. */
function purchaseOf({ throughput, offer }: Pick<Provisioned, 'throughput' | 'offer'>): {
  minUnits: number;
  stepUnits: number;
} {
  const { minUnitsGlobal, stepGlobal, minUnitsRegional, stepRegional } = throughput;
  return offer.scope === 'regional'
    ? { minUnits: minUnitsRegional, stepUnits: stepRegional }
    : { minUnits: minUnitsGlobal, stepUnits: stepGlobal };
}

const hostingOf = ({ provider, product }: ProvisionedOfferRow, { hosting }: Pick<Tables, 'hosting'>) =>
  hosting.find((row) => row.provider === provider && row.product === product) ?? null;

/** Every closed model with a known rate per unit, in every priced offer. */
export function provisionedOptions(tables: Tables): Option[] {
  const offered = tables.provisionedOffers.map((offer) => ({ offer, hosting: hostingOf(offer, tables) }));
  const priced = offered.filter((one) => unitUsdPerHour(one) !== null);
  const unpriced = offered.flatMap((one) => (unitUsdPerHour(one) === null ? one.offer : []));
  return tables.provisionedThroughput.flatMap((throughput) => {
    const { provider, modelId, unit, maxPromptTokens } = throughput;
    const sold = tables.api
      .filter((row) => row.provider === provider && row.modelId === modelId && apiKindOf(row) === 'cloud-api')
      .flatMap((row) => apiOptions(kind, row, { tables }));
    const isOfUnit = (offer: ProvisionedOfferRow): boolean => offer.provider === provider && offer.unit === unit;
    const offers = priced.filter(({ offer }) => isOfUnit(offer));
    return sold.flatMap((model) =>
      offers.map(({ offer, hosting }): Option => {
        const most = Math.min(
          maxPromptTokens ?? Number.POSITIVE_INFINITY,
          model.contextTokens ?? Number.POSITIVE_INFINITY,
        );
        const toAsk = unpriced.filter((other) => isOfUnit(other) && other.scope === offer.scope);
        const option = {
          ...model,
          contextTokens: most === Number.POSITIVE_INFINITY ? null : most,
          // What a unit counts for audio is not published.
          modalities: model.modalities.filter((one) => one !== 'audio'),
          instance: offer.product,
          provisioned: { throughput, offer, hosting, toAsk },
        };
        return { ...option, id: optionId(option) };
      }),
    );
  });
}

/** Requests a second that a purchase step serves of a task part. */
function stepRequestsPerS(option: ProvisionedOption, taskPart: TaskPart, context: Context): number {
  const { provisioned, api } = option;
  const { throughput } = provisioned;
  const written = taskPart.tokens.output + reasoningTokens(option, taskPart, context.workload);
  const counted = countedTokens({ throughput, api }, taskPart, written, context);
  return (throughput.tokensPerMinute * purchaseOf(provisioned).stepUnits) / (secondsPerMinute * counted);
}

function tracedStepRequestsPerS(option: ProvisionedOption, taskPart: TaskPart, context: Context): Traced {
  const { provisioned, api } = option;
  const { throughput } = provisioned;
  const origin: Origin = { table: 'provisionedThroughput', row: throughput.row };
  return quotient(
    `requests a second of ${taskPart.task} that a step serves`,
    'requests/s per unit',
    product(
      'tokens a minute of a step',
      'tokens/minute',
      given('tokens a minute of a unit', throughput.tokensPerMinute, 'tokens/minute', origin),
      given('units of a step', purchaseOf(provisioned).stepUnits, 'units', origin),
    ),
    given('seconds in a minute', secondsPerMinute, 's'),
    tracedCounted({ throughput, api }, taskPart, tracedReasoning(option, taskPart, context), context),
  );
}

/** Units of work of a task part at multiple 1; without head room for provisioned throughput. */
export const workNeeded = (option: Option, taskPart: TaskPart, unitRequestsPerS: number, workload: Workload): number =>
  isProvisioned(option)
    ? stepsNeeded(taskPart, unitRequestsPerS, workload)
    : unitsNeeded(taskPart, unitRequestsPerS, workload);

/** The fewest units that may be bought, as those of a fleet. */
export const fewestUnits = ({ provisioned }: Option): number => {
  if (provisioned === null) return 1;
  const { minUnits, stepUnits } = purchaseOf(provisioned);
  return minUnits / stepUnits;
};

/** Units that are bought at a time: a machine is one. */
export const unitsOfStep = ({ provisioned }: Option): number =>
  provisioned === null ? 1 : purchaseOf(provisioned).stepUnits;

function priceOf({ provisioned }: ProvisionedOption) {
  const { offer, hosting } = provisioned;
  const { stepUnits } = purchaseOf(provisioned);
  const usdPerUnit = unitUsdPerHour(provisioned) ?? Number.NaN;
  const row: Origin =
    hosting?.usdPerUnit == null
      ? { table: 'provisionedOffers', row: offer.row }
      : { table: 'hosting', row: hosting.row };
  return { usdPerUnit, stepUnits, usdPerHour: usdPerUnit * stepUnits, termHours: offer.termHours, rows: [row] };
}

/** What a purchase step costs. */
export const provisionedRates = (option: Option, { workload }: Context): FleetRates =>
  ratesOf(provisionedCosts(priceOf(option as ProvisionedOption), workload, numbers));

/** Requests a day that a purchase step holds at multiple 1. */
export const stepRequestsPerDay = (option: Option, taskPart: TaskPart, context: Context): number =>
  1 /
  stepsNeeded(
    { requestsPerDay: 1 },
    stepRequestsPerS(option as ProvisionedOption, taskPart, context),
    context.workload,
  );

function wordsOf(option: ProvisionedOption, context: Context): FleetWords {
  const { usdPerUnit, stepUnits, rows } = priceOf(option);
  const origin: Origin = { table: 'provisionedThroughput', row: option.provisioned.throughput.row };
  const none = given('no spares', 0, 'units');
  return {
    min: given('steps of the smallest purchase', fewestUnits(option), 'units', origin),
    spare: none,
    spareShare: none,
    told: [
      product(
        'a purchase step',
        'USD/unit-hour',
        given('price of a unit', usdPerUnit, 'USD/unit-hour', ...rows),
        given('units of a step', stepUnits, 'units', origin),
      ),
    ],
    work: (taskPart, ratePerS) =>
      quotient(
        `work of ${taskPart.task}`,
        'units',
        product('rate of its busiest minutes', 'requests/s', ratePerS, tracedBusiest(context)),
        tracedStepRequestsPerS(option, taskPart, context),
      ),
  };
}

const staff: Staff = { ...nobody, api: true };

/** Provisioned throughput of closed models: serves as the API by tokens, billed as a fleet. */
export const provisionedThroughput: Pick<Placement, 'lookUp' | 'service' | 'traceService' | 'price' | 'staff'> = {
  lookUp: (id, { tables }) =>
    id.startsWith(`${kind}/`) ? (provisionedOptions(tables).find((option) => option.id === id) ?? null) : null,
  service(option, taskPart, context): TaskService | Unpriced {
    const seen = cloudApi.service(option, taskPart, context);
    return isUnpriced(seen) || !isProvisioned(option)
      ? seen
      : { ...seen, unitRequestsPerS: stepRequestsPerS(option, taskPart, context) };
  },
  traceService: (option, taskPart, context): TracedService => ({
    ...cloudApi.traceService(option, taskPart, context),
    unitRequestsPerS: isProvisioned(option) ? tracedStepRequestsPerS(option, taskPart, context) : null,
  }),
  price(option, taskParts, context): CostLine[] | Unpriced {
    if (!isProvisioned(option)) return { unpriced: 'no provisioned throughput' };
    const { workload } = context;
    const work = taskParts.map((taskPart) => {
      const perSecond = stepRequestsPerS(option, taskPart, context);
      return { taskPart, need: stepsNeeded(taskPart, perSecond, workload), unitSeconds: 1 / perSecond };
    });
    const rule = { min: fewestUnits(option), spare: 0, spareShare: 0, followsHours: false };
    const price = priceOf(option);
    return fleetBill(
      (figures) => provisionedCosts(price, workload, figures),
      work,
      rule,
      workload,
      () => wordsOf(option, context),
    );
  },
  staff: () => staff,
};
