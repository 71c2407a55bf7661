import type { Formula } from '../formula/formula.js';
import { monthly } from '../formula/formula.js';
import { given, parameter, product, quotient, type Traced } from '../formula/traced.js';
import type { UnitComponent } from './fleet-bill.js';
import { machineUsd, monthlyOfMachine, type Owned } from './owned-machine.js';

const monthsPerYear = 12;

const formulas = {
  maintenance: monthly('other.maintenance', 'Maintenance contract', 'machines x price x fraction a year / 12'),
  repair: monthly('other.repair', 'Repairs', 'machines x price x failures a year / 12'),
  insurance: monthly('other.insurance', 'Insurance', 'machines x price x fraction a year / 12'),
  license: monthly('other.license', 'Software licenses', 'machines x accelerators x USD per accelerator-year / 12'),
  watch: monthly('other.observability', 'Monitoring', 'machines x USD per host-month'),
};

const yearly = (working: Formula, usdPerYear: Traced, owned: Owned): UnitComponent =>
  monthlyOfMachine(
    working,
    quotient(working.label, 'USD/month', usdPerYear, given('months in a year', monthsPerYear, 'months')),
    owned,
  );

const ofPrice = (working: Formula, name: string, owned: Owned): UnitComponent =>
  yearly(
    working,
    product(working.label, 'USD/year', machineUsd(owned), parameter('fraction of the price a year', name, owned)),
    owned,
  );

/**
 * What keeps a machine running, bought or owned. A server has a maintenance contract, which covers what fails, and is
 * monitored; a machine for a desk is repaired when it fails.
 */
export function upkeep(owned: Owned): UnitComponent[] {
  const { desk, chassis, gpus } = owned.machine;
  const license = product(
    formulas.license.label,
    'USD/year',
    given('accelerators of a machine', gpus, 'accelerators'),
    parameter('license of an accelerator', 'gpuSoftwareLicence', owned),
  );
  return [
    desk
      ? ofPrice(formulas.repair, 'gpuAnnualFailureFraction', owned)
      : ofPrice(formulas.maintenance, 'maintenanceFractionPerYear', owned),
    ofPrice(formulas.insurance, 'insuranceFractionPerYear', owned),
    ...(chassis === null ? [] : [yearly(formulas.license, license, owned)]),
    ...(desk
      ? []
      : [monthlyOfMachine(formulas.watch, parameter('monitoring of a host', 'observabilityPerHost', owned), owned)]),
  ];
}
