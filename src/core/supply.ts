import type { Context } from '../places/placement.js';
import type { Tables } from '../tables/tables.js';
import type { Workload } from '../workload/workload.js';
import { type Apis, apisOf } from './apis.js';
import { type Catalog, type CatalogUse, catalogOf } from './catalog.js';
import { type Offers, offersOf } from './offers.js';

/** All that may serve a scenario, before anything of it is asked for. */
export type Supply = { tables: Tables; catalog: Catalog; apis: Apis; offers: Offers };

/**
 * All that may serve a scenario. Scenarios one after another that buy in the same terms share it.
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
export function termsOf({ months, hoursPerMonth, once, sites, existing, devices, rules, taskParts }: Workload): string {
  return JSON.stringify([
    ...[months, hoursPerMonth, once, sites, existing, devices?.owner, devices?.count, rules.includeMarketplace],
    ...taskParts.map(({ needs }) => [needs.residency, needs.availability]),
  ]);
}
