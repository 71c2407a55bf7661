import { monthly } from '../formula/formula.js';
import { difference, parameter, predicted, product, stated, sum, type Traced } from '../formula/traced.js';
import { monthlyRate } from './break-even-line.js';
import { annuityUsd, residualUsd } from './capital.js';
import type { UnitComponent } from './fleet-bill.js';
import { machineUsd, type Owned, onceOfMachine } from './owned-machine.js';

const monthsPerYear = 12;

const formulas = {
  purchase: monthly(
    'capital.purchase',
    'Machines bought, less their resale',
    'machines x (purchases in the horizon x price with network, storage, duty and installation - price x r3^(months of the last / 36)) / months of the horizon',
  ),
  interest: monthly(
    'capital.interest',
    'Cost of capital',
    'machines x sum over purchases of ((price - resale) x (CRF - 1 / months) + resale x rate), CRF = i / (1 - (1 + i)^-months)',
  ),
};

/** Names of the parameters by which a machine loses its value. */
const agingOf = ({ machine: { accelerator } }: Owned) => ({
  residual:
    accelerator.kind === 'consumer' || accelerator.kind === 'soc'
      ? 'residualValueConsumerAfter3y'
      : 'residualValueAfter3y',
  years: accelerator.kind === 'datacenter' ? 'depreciationYearsGpu' : 'depreciationYearsWorkstation',
});

/** Everything that is paid when a machine is bought: itself, what connects and feeds it, duty and installation. */
function priceUsd(owned: Owned): Traced {
  const row = (label: string, name: string) => parameter(label, name, owned);
  const goods = owned.machine.desk
    ? machineUsd(owned)
    : sum(
        'machine with network and storage',
        'USD',
        machineUsd(owned),
        row('network of a machine', 'networkingPerNodeEthernetInference'),
        row('storage of a machine', 'storagePerNode'),
      );
  const duty = product('import duty', 'USD', goods, row('import duty', 'importDutyAndVatFraction'));
  return owned.machine.desk
    ? sum('price of a machine, delivered', 'USD', goods, duty)
    : sum('price of a machine, installed', 'USD', goods, duty, row('installation', 'installationOneOffPerNode'));
}

/**
 * What a machine costs that is bought at the start, again whenever its life ends within the horizon, and sold at the end
 * (the earlier ones are worn out): the price less the resale, and the cost of capital by the annuity. Network, storage,
 * duty and installation are not sold again.
 */
export function capital(owned: Owned): UnitComponent[] {
  const { workload } = owned;
  const aging = agingOf(owned);
  const price = priceUsd(owned);
  const lifeMonths = workload.assume(aging.years) * monthsPerYear;
  const purchases = Math.max(1, Math.ceil(workload.months / lifeMonths));
  const lastMonths = workload.months - (purchases - 1) * lifeMonths;
  const left = predicted(
    `share of the price left after ${lastMonths} months`,
    residualUsd(1, workload.assume(aging.residual), lastMonths),
    'fraction',
    'what is left after three years ^ (months / 36)',
    [parameter('share of the price left after three years', aging.residual, owned)],
  );
  const resale = product('resale of the last machine', 'USD', machineUsd(owned), left);
  const bought = product(
    'purchases',
    'USD',
    price,
    stated('purchases in the horizon', purchases, 'purchases', 'workload.horizon'),
  );
  const ratePerPeriod = monthlyRate(workload.assume('costOfCapital'));
  const interest = (resaleUsd: number, months: number): number =>
    annuityUsd({ priceUsd: price.value, residualUsd: resaleUsd, ratePerPeriod, periods: months }) * months -
    (price.value - resaleUsd);
  const rate = parameter('cost of capital a year', 'costOfCapital', owned);
  const annuity = 'annuity at the cost of capital, less what the machine loses in value';
  const last = predicted('cost of capital of the last machine', interest(resale.value, lastMonths), 'USD', annuity, [
    price,
    resale,
    rate,
  ]);
  const earlier = predicted(
    'cost of capital of the machines before it',
    purchases === 1 ? 0 : (purchases - 1) * interest(0, lifeMonths),
    'USD',
    annuity,
    [price, rate],
  );
  const paid = difference('paid less resale', 'USD', bought, resale);
  const again = Array.from({ length: purchases - 1 }, (_, i) => Math.floor((i + 1) * lifeMonths));
  return [
    { ...onceOfMachine(formulas.purchase, paid, price.value, owned), ...(again.length > 0 && { again }) },
    onceOfMachine(formulas.interest, sum('cost of capital', 'USD', last, earlier), 0, owned),
  ];
}
