import {
  difference,
  given,
  largest,
  parameter,
  product,
  quotient,
  type Source,
  stated,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import { monthsPerYear, runFormula, type Staffing, setupFormula, weeksPerYear } from './people.js';

const fte = 'FTE';
const none = (unit: string) => given('none', 0, unit);

/** FTE of the fleets by their GPUs, as `fleetFte`: the small band's, a straight line between bands, per GPU above the last. */
function fleetFte(gpus: Traced, context: Source): Traced {
  const label = 'people for the fleets';
  const [small, medium, large] = ['Small', 'Medium', 'Large'].map((size) => ({
    gpus: parameter(`GPUs of the ${size.toLowerCase()} band`, `fleetBand${size}Gpus`, context),
    fte: parameter(`people of the ${size.toLowerCase()} band`, `fteSelfHostedCloud${size}`, context),
  })) as [Band, Band, Band];
  if (gpus.value <= small.gpus.value) return { ...small.fte, label: `${label}: the small band` };
  for (const [below, above] of [
    [small, medium],
    [medium, large],
  ] as const) {
    if (gpus.value > above.gpus.value) continue;
    return sum(
      label,
      fte,
      below.fte,
      product(
        'on the way to the next band',
        fte,
        difference('from band to band', fte, above.fte, below.fte),
        quotient(
          'share of the way',
          'ratio',
          difference('GPUs above the band', 'GPUs', gpus, below.gpus),
          difference('GPUs from band to band', 'GPUs', above.gpus, below.gpus),
        ),
      ),
    );
  }
  return product(label, fte, quotient('people for a GPU', 'FTE/GPU', large.fte, large.gpus), gpus);
}

type Band = { gpus: Traced; fte: Traced };

/** What the FTE of a plan are made of; `gpus` tells how many GPUs count for the band. */
export function tracedFte(staffing: Omit<Staffing, 'setups'>, gpus: Traced, context: Source): Traced {
  const { apiProviders, fleets, roles } = staffing;
  const parts = [
    ...(gpus.value > 0 ? [fleetFte(gpus, context)] : []),
    ...(fleets > 1
      ? [
          product(
            'further fleets',
            fte,
            given('fleets beyond the first', fleets - 1, 'fleets'),
            parameter('people for each', 'ftePerFurtherFleet', context),
          ),
        ]
      : []),
    ...roles.map((role) =>
      context.tables.parameterOf.has(role.name) && context.workload.assume(role.name) === role.fte
        ? parameter('work that is there once', role.name, context)
        : given(`work that is there once: ${role.name}`, role.fte, fte),
    ),
    ...(apiProviders > 0
      ? [
          product(
            'APIs',
            fte,
            given('providers to integrate', apiProviders, 'providers'),
            parameter('people for each', 'fteCloudApi', context),
          ),
        ]
      : []),
  ];
  const work = parts.length === 0 ? none(fte) : sumOf('work to run it', fte, parts);
  const least = parameter('least that any option needs', 'peopleBaseline', context);
  return largest('people needed', fte, difference('work beyond the least', fte, work, least), none(fte));
}

const yearlyCost = ({ workload }: Source): Traced =>
  stated('cost of a person', workload.team.yearlyCostUsd, 'USD/year', 'team.yearlyCost');

/** USD a month of people at full cost. */
export const tracedRunUsd = (people: Traced, context: Source): Traced =>
  quotient(
    runFormula.label,
    runFormula.unit,
    product('people', 'USD/year', people, yearlyCost(context)),
    given('months in a year', monthsPerYear, 'months'),
  );

/** One-off USD of setting a plan up, as `setupUsd`. */
export function tracedSetupUsd({ setups }: Pick<Staffing, 'setups'>, context: Source): Traced {
  const weeks = sumOf(
    'work to set it up',
    'weeks',
    setups.map((name) => parameter('work to set up a place', name, context)),
  );
  const least = parameter('least that any option needs', 'setupBaseline', context);
  return product(
    setupFormula.label,
    'USD',
    quotient(
      'work beyond the least',
      'years',
      largest(
        'weeks beyond the least',
        'weeks',
        difference('weeks less the least', 'weeks', weeks, least),
        none('weeks'),
      ),
      given('weeks in a year', weeksPerYear, 'weeks'),
    ),
    yearlyCost(context),
  );
}

/** What setting up costs in a month of the horizon. */
export const tracedSetupPerMonth = (once: Traced, { workload }: Source): Traced =>
  quotient(
    setupFormula.label,
    setupFormula.unit,
    once,
    stated('months of the horizon', workload.months, 'months', 'workload.horizon'),
  );
