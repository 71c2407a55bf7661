import {
  add,
  at,
  type CostCurve,
  type CostLine,
  isUnpriced,
  meanGrowthOf,
  scale,
  type Term,
  traceOf,
  type Unpriced,
} from '../cost/curve.js';
import { type OverflowMonth, type OverflowOf, overflowOf } from '../cost/overflow.js';
import { hoursInMonth, requestsPerMonthOf } from '../cost/task-trace.js';
import { isOfTunedModel, mayMove } from '../cost/token-prices.js';
import {
  difference,
  eachOnce,
  given,
  largest,
  monthly,
  predicted,
  product,
  quotient,
  stated,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { fewestUnits, workNeeded } from '../places/provisioned.js';
import { placementOf } from '../places/registry.js';
import { unavailableShare } from '../rules/service.js';
import { growthIn, monthsAlone } from '../workload/scheduling.js';
import type { TaskPart, Workload } from '../workload/workload.js';

/** A second option for the same task parts: an overflow for the first one's fleet, or a fallback while it is down. */
export type SecondPlace = {
  role: 'overflow' | 'failover';
  option: Option;
  /** Units of the first one's fleet that are bought already; left out: as many as pay for themselves. */
  held?: number;
};

/** The two priced together. */
export type Together = {
  first: CostLine[];
  second: CostLine[];
  /** Share of all requests that the second one serves at a volume. */
  share(volume: number): number;
  /** Units of the first one's fleet at a volume; null: as its lines say. */
  units: ((volume: number) => number) | null;
};

const overflowFormula = monthly(
  'tokens.overflow',
  'Requests above own capacity',
  'requests above own capacity x what one costs at the API beyond what it costs on own machines',
);
/** The same where a request costs more in one month than in another. */
const monthsFormula = monthly(
  overflowFormula.id,
  overflowFormula.label,
  'mean over the months of: requests above own capacity in a month x what one then costs at the API beyond what it costs on own machines',
);
const failoverFormula = monthly(
  'tokens.failover',
  'Requests while the first provider is down',
  'bill of the second provider x share of time that the first one is down',
);

/** Prices an option with a second place. */
export function together(
  first: Option,
  { role, option: second, held }: SecondPlace,
  taskParts: readonly TaskPart[],
  context: Context,
): Together | Unpriced {
  const own = placementOf(first.kind).price(first, taskParts, context);
  if (isUnpriced(own)) return own;
  const other = placementOf(second.kind).price(second, taskParts, context);
  if (isUnpriced(other)) return other;
  return role === 'failover'
    ? failover(first, own, other, context)
    : overflow(first, second, own, other, taskParts, held, context);
}

function failover(option: Option, first: CostLine[], other: CostLine[], context: Context): Together | Unpriced {
  const down = unavailableShare(option, context);
  if (down === null) return { unpriced: `the availability of ${option.provider} is unknown` };
  const byUse = other.filter((line) => !isOfTunedModel(line));
  const curve = scale(add(byUse.map((line) => line.curve)), down.value);
  const second = lineOf(failoverFormula, curve, byUse, (volume) =>
    product(failoverFormula.label, failoverFormula.unit, billOf('bill of the second provider', byUse, volume), down),
  );
  return { first, second: [second, ...other.filter(isOfTunedModel)], share: () => down.value, units: null };
}

function overflow(
  option: Option,
  second: Option,
  own: CostLine[],
  other: CostLine[],
  taskParts: readonly TaskPart[],
  held: number | undefined,
  context: Context,
): Together | Unpriced {
  const { workload } = context;
  const api = other.filter((line) => !isOfTunedModel(line));
  const terms = own.flatMap(({ curve }) => curve.terms);
  const fixed = terms.filter((term) => term.is === 'peak');
  if (fixed.length === 0 || (option.fleet?.offer.owned ?? 0) > 0)
    return { unpriced: `${option.id} is not bought machine by machine for all hours, so it has no peaks to hand over` };
  const work = [];
  let unitUsdPerMonth = 0;
  for (const taskPart of taskParts) {
    const seen = placementOf(option.kind).service(option, taskPart, context);
    if (isUnpriced(seen)) return seen;
    if (seen.unitRequestsPerS === null) return { unpriced: 'capacity unknown' };
    work.push({ taskPart, need: workNeeded(option, taskPart, seen.unitRequestsPerS, workload) });
  }
  for (const term of fixed) if (term.free === undefined) unitUsdPerMonth += unitUsd(term);
  const [beyond] = fixed.filter(({ free }) => free !== undefined);
  // A fixed volume costs the same at every point of the axis: its cost of a request is shown as if it moved.
  const moving = taskParts.every(({ scales }) => scales)
    ? own
    : placementOf(option.kind).price(
        option,
        taskParts.map((taskPart) => ({ ...taskPart, scales: true })),
        context,
      );
  if (isUnpriced(moving)) return moving;
  const perRequest = moving.reduce((usd, { curve }) => usd + curve.perUnit * workload.requestsPerDay, 0);
  const inMonths = billsByMonth(second, taskParts, context);
  const ownIn = (month: number) => (perRequest * growthIn(workload, month)) / meanGrowthOf(workload);
  const apiUsd = api.reduce((usd, { curve }) => usd + at(curve, workload.requestsPerDay), 0);
  const sized = overflowOf(
    {
      work,
      unitUsdPerMonth,
      beyondRoom: beyond === undefined ? null : { from: beyond.free ?? 0, usdPerMonth: unitUsd(beyond) },
      netUsdPerMonth: apiUsd - perRequest,
      netByMonth: inMonths?.map(({ usd }, month) => usd - ownIn(month)) ?? null,
      min: fewestUnits(option),
      ...(held !== undefined && { held }),
    },
    workload,
  );
  if (sized === null)
    return { unpriced: 'a task with a volume of its own does not overflow with one that follows the common volume' };
  const { usdPerRequest, months, paid, above, all, unitsOwned } = sized;
  /** The load is that of all that scales, of which these task parts may be a part. */
  const part = taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0) / workload.requestsPerDay;
  const requests = (volume: number): Traced =>
    sumOf(
      'requests in an average month',
      'requests/month',
      taskParts.map((taskPart) => requestsPerMonthOf(taskPart, volume, workload)),
    );
  const onOwn = moving.filter(({ curve }) => curve.perUnit !== 0);
  /** What is saved by a request that one's own machines take, at the volume of the scenario. */
  const tracedPrice = (): Traced => {
    const volume = workload.requestsPerDay;
    const bill = billOf('bill of the API for all requests', api, volume);
    const net =
      onOwn.length === 0
        ? bill
        : difference(
            'what the API charges for all requests beyond what they cost on own machines',
            'USD/month',
            bill,
            billOf('what requests cost on own machines', onOwn, volume),
          );
    return quotient(
      'what a request costs at the API beyond own machines',
      'USD/request',
      net.value < 0 ? largest(net.label, net.unit, net, given('none', 0, net.unit)) : net,
      requests(volume),
    );
  };
  const owned = (volume: number): Traced =>
    predicted(
      'units that cost less than the API above them',
      unitsOwned(volume),
      'units',
      held === undefined
        ? `units of which each costs no more a month than the API would charge${months === null ? '' : ', at the prices of the months,'} for the requests it takes; one at the least`
        : 'units bought for the whole horizon',
      [
        predicted('a unit', unitUsdPerMonth, 'USD/month', 'lines of this bill that follow the units, for one unit', []),
        ...(beyond === undefined
          ? []
          : [
              predicted(
                'a unit beyond those that a room carries, on top of it',
                unitUsd(beyond),
                'USD/month',
                'the line of this bill that follows these units, for one unit',
                [],
              ),
            ]),
        predicted(
          'what a request costs at the API beyond own machines',
          usdPerRequest / part,
          'USD/request',
          months === null
            ? `${overflowFormula.id} shows it`
            : `mean over the requests of all months; ${overflowFormula.id} shows that of every month`,
          [],
        ),
        ...taskParts.flatMap(
          (taskPart) => placementOf(option.kind).traceService(option, taskPart, context).unitRequestsPerS ?? [],
        ),
      ],
    );
  const tracedAbove = (volume: number): Traced =>
    predicted(
      'requests above own capacity',
      above(volume) * part,
      'requests/month',
      'sum over the hours of an average month of requests beyond what the units serve at the highest permitted load',
      [owned(volume), requests(volume)],
    );
  const tracedOwn = (month: number, isWhole: boolean): Traced => {
    const label = `what requests of month ${month + 1} cost on own machines`;
    if (!isWhole) return given(label, ownIn(month), 'USD/month');
    return product(
      label,
      'USD/month',
      billOf('what requests cost on own machines', onOwn, workload.requestsPerDay),
      given('volume of the month over that of a mean one', growthIn(workload, month) / meanGrowthOf(workload), 'ratio'),
    );
  };
  /** What the API is paid in a month, and that month's price of a request; the full bill for the first and the last. */
  const tracedMonth = (month: OverflowMonth, k: number, volume: number): Traced => {
    const { usd = 0, then, taskParts: served = [] } = inMonths?.[k] ?? {};
    const number = k + 1;
    const isWhole = k === 0 || number === inMonths?.length;
    const told =
      then !== undefined && isWhole
        ? tokenLines(second, served, then).map((line) => traceOf(line, then.workload.requestsPerDay))
        : [];
    const bill = predicted(
      `bill of the API for all requests of month ${number}`,
      usd,
      'USD/month',
      'as over the horizon, with the volume and the prices of the month',
      told,
    );
    const net =
      ownIn(k) === 0
        ? bill
        : difference(
            `what the API charges in month ${number} beyond what requests cost on own machines`,
            'USD/month',
            bill,
            tracedOwn(k, isWhole),
          );
    return product(
      `month ${number}`,
      'USD',
      predicted(
        `requests above own capacity in month ${number}`,
        month.above(volume) * part,
        'requests',
        'sum over the hours of the month of requests beyond what the units serve at the highest permitted load',
        [],
      ),
      quotient(
        `what a request of month ${number} costs at the API beyond own machines`,
        'USD/request',
        net.value < 0 ? largest(net.label, net.unit, net, given('none', 0, net.unit)) : net,
        given(
          `requests of month ${number}`,
          (requests(workload.requestsPerDay).value * growthIn(workload, k)) / meanGrowthOf(workload),
          'requests',
        ),
      ),
    );
  };
  /** What is paid for all months over their number. */
  const tracedMonths = (each: readonly OverflowMonth[], volume: number): Traced =>
    quotient(
      monthsFormula.label,
      monthsFormula.unit,
      sum(
        'what the API is paid in all months beyond what requests cost on own machines',
        'USD',
        ...each.map((month, k) => tracedMonth(month, k, volume)),
      ),
      stated('months', each.length, 'months', 'workload.horizon'),
    );
  const curve: CostCurve = { fixed: 0, perUnit: 0, terms: [paid] };
  return {
    first: own.map((line) => sizedAnew(line, sized, owned, workload)),
    second: [
      months === null
        ? lineOf(overflowFormula, curve, api, (at) =>
            product(overflowFormula.label, overflowFormula.unit, tracedAbove(at), tracedPrice()),
          )
        : lineOf(monthsFormula, curve, api, (at) => tracedMonths(months, at)),
      ...other.filter(isOfTunedModel),
    ],
    share: (volume) => (all(volume) === 0 ? 0 : above(volume) / all(volume)),
    units: unitsOwned,
  };
}

/** TaskParts on an API in one month of the horizon alone, and what it charges for their tokens. */
type MonthBill = { then: Context; taskParts: TaskPart[]; usd: number };

/** Of every month; null where a request costs the same in all of them. */
function billsByMonth(option: Option, taskParts: readonly TaskPart[], context: Context): MonthBill[] | null {
  const { api } = option;
  if (api === null || context.workload.months === 1 || !mayMove(api, taskParts, context.workload)) return null;
  const bills: MonthBill[] = [];
  for (const [month, workload] of monthsAlone(context.workload).entries()) {
    const then = { ...context, workload };
    const factor = growthIn(context.workload, month);
    const served = taskParts.map((taskPart) => ({ ...taskPart, requestsPerDay: taskPart.requestsPerDay * factor }));
    const lines = tokenLines(option, served, then);
    const usd = lines.reduce((sum, { curve }) => sum + at(curve, workload.requestsPerDay), 0);
    bills.push({ then, taskParts: served, usd });
  }
  return bills;
}

/** The lines of an API's bill that requests make. */
function tokenLines(option: Option, taskParts: readonly TaskPart[], context: Context): CostLine[] {
  const lines = placementOf(option.kind).price(option, taskParts, context);
  return isUnpriced(lines) ? [] : lines.filter((line) => !isOfTunedModel(line));
}

/** USD a month of one unit by a fleet's term. */
const unitUsd = (term: Term): number => (term.is === 'peak' ? term.usd * term.hours : 0);

/** A line of the fleet with as many units as pay for themselves, in place of those for the peak. */
function sizedAnew(
  line: CostLine,
  { unitsOwned }: OverflowOf,
  units: (volume: number) => Traced,
  workload: Workload,
): CostLine {
  // What costs nothing has the size of its fleet in it all the same.
  if (line.fleet === undefined) return line;
  const usd = line.curve.terms.reduce((sum, term) => sum + unitUsd(term), 0);
  const free = line.curve.terms.reduce((sum, term) => sum + (term.is === 'peak' ? (term.free ?? 0) : 0), 0);
  const volume = workload.requestsPerDay;
  const before = usd === 0 ? 0 : at({ ...line.curve, fixed: 0, perUnit: 0 }, volume) / usd;
  const usdAt = (at: number) => usd * Math.max(0, unitsOwned(at) - free);
  const hours = (at: number) => product('unit-hours', 'unit-hours/month', units(at), hoursInMonth(workload));
  return {
    ...line,
    curve: { ...line.curve, terms: [{ is: 'smooth', usdAt }] },
    upfront: before === 0 ? line.upfront : (line.upfront * unitsOwned(volume)) / before,
    fleet: { ...line.fleet, units, hours },
    ...line.fleet.sizedAs({ units, hours }),
  };
}

/** All lines of a bill at a volume, part by part. */
const billOf = (label: string, lines: readonly CostLine[], volume: number): Traced =>
  sum(label, 'USD/month', ...lines.map((line) => traceOf(line, volume)));

/** @param from the lines whose rows it rests on */
const lineOf = (
  working: CostLine['working'],
  curve: CostCurve,
  from: readonly CostLine[],
  trace: (volume: number) => Traced,
): CostLine => ({
  part: working.id,
  label: working.label,
  curve,
  upfront: 0,
  working,
  sources: () => eachOnce(from.flatMap((line) => line.sources())),
  trace,
});
