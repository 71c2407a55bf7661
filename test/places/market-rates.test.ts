import { expect, test } from 'vitest';
import { type Component, type FleetCosts, ratesOf, sumUsd, type UnitComponent } from '../../src/cost/fleet-bill.js';
import { numbers, traced } from '../../src/formula/traced.js';
import { managedMarket } from '../../src/places/managed-hosting.js';
import { ownMarket } from '../../src/places/own-hardware.js';
import { rentedMarket } from '../../src/places/rented.js';
import { onlyPart } from '../../src/workload/workload.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, type Written } from '../support/scenario.js';

const written = (more: object = {}, workload: object = {}): Written => ({
  workload: { volume: '20k requests/day', ...workload },
  tasks: [{ name: 'faq', type: 'faq-chat' }],
  ...more,
});
const cases: [string, Written][] = [
  ['a year', written()],
  ['seven months, which commitments outlast', written({}, { horizon: '7 months' })],
  ['eight years, in which machines are bought again', written({}, { horizon: '96 months' })],
  ['five places in the EEA', written({ data: { residency: ['eea'] } }, { sites: 5 })],
  ['some cards of its own', written({ existing: [{ accelerator: 'h100-sxm-80gb', count: 16 }] })],
];

/** What the components of a unit come to, as their traces have it. */
const unitOf = (components: readonly UnitComponent[]) => ({
  usdPerHour: sumUsd(components),
  onceUsdPerHour: sumUsd(components.filter(({ once }) => once === true)),
  upfrontUsdPerUnit: components.reduce((usd, { upfrontUsdPerUnit = 0 }) => usd + upfrontUsdPerUnit, 0),
});

const all = ({ unitHour, beyondOwned, beyondRoom, fleet }: FleetCosts): Component[] => [
  ...[...unitHour, ...(beyondOwned?.unitHour ?? []), ...fleet],
  ...(beyondRoom ? [beyondRoom.unitHour] : []),
];

test.each(cases)('rates of every machine are the sums of what its bill is made of: %s', async (_, one) => {
  const context = await caseOf(one);
  const taskPart = onlyPart(context.workload);
  let machines = 0;
  for (const market of [managedMarket, rentedMarket, ownMarket])
    for (const unit of market.units(context, true))
      for (const offer of unit.offers) {
        const bought = { unit, offer, diskGb: 140 };
        const costs = market.costs(bought, context, traced);
        const { requestUsd, ...rates } = offer.rates ?? ratesOf(market.costs(bought, context, numbers));
        expect(rates).toEqual({
          ...unitOf(costs.unitHour),
          beyondOwned: costs.beyondOwned && {
            owned: costs.beyondOwned.owned,
            ...unitOf(costs.beyondOwned.unitHour),
          },
          beyondRoom: costs.beyondRoom
            ? { from: costs.beyondRoom.from.value, usdPerHour: costs.beyondRoom.unitHour.amount.value }
            : null,
          fixed: sumUsd(costs.fleet),
        });
        expect(requestUsd(taskPart, 1.5)).toBe(sumUsd(costs.request(taskPart, 1.5)));
        for (const { amount } of all(costs)) expect(recomputed(amount)).toBe(amount.value);
        machines += 1;
      }
  expect(machines).toBeGreaterThan(500);
});
