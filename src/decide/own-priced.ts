import { rowKey } from '../tables/price-book/apply-price-book.js';
import type { Tables } from '../tables/tables.js';
import type { Warning } from './decision.js';
import { linesOf, type Plan, unitsOf } from './plan.js';
import { optionWords } from './words.js';

/** Stands behind a figure that one of these plans has from a price book, in texts; else empty. */
export const ownMark = ({ ownPricing }: Tables, ...plans: readonly Plan[]): '*' | '' =>
  ownPricing !== undefined &&
  plans.some((plan) =>
    linesOf(plan).some((line) => line.sources().some((origin) => ownPricing.changed.has(rowKey(origin)))),
  )
    ? '*'
    : '';

/** How far the machines under contract go for the plan. */
export function contractWarnings(plan: Plan, { ownPricing }: Tables, volume: number): Warning[] {
  return plan.deployments.flatMap((deployment) => {
    const { option } = deployment;
    const contract = ownPricing?.reserved.find(
      ({ row, purchase }) =>
        option.fleet?.offer.row.table === 'rental' &&
        row === option.fleet.offer.row.row &&
        purchase === option.purchase,
    );
    if (contract === undefined) return [];
    const needed = unitsOf(deployment, volume);
    const { count } = contract;
    const message =
      needed > count
        ? `the contract covers ${count} of the ${needed} machines of ${optionWords(option)}; the rest is billed alike`
        : `${optionWords(option)} needs ${needed} of the ${count} machines under contract; the others are not in the bill`;
    return [{ code: 'reserved-contract', message }];
  });
}
