import type { Context } from '../places/placement.js';
import type { Tables } from '../tables/tables.js';
import { type Apis, apisOf } from './apis.js';
import { type Catalog, catalogOf } from './catalog.js';
import { type Offers, offersOf } from './offers.js';

/** All that may serve a scenario, before anything of it is asked for. */
export type Supply = { tables: Tables; catalog: Catalog; apis: Apis; offers: Offers };

/** All that may serve a scenario: the catalog of its tables, and what its assumptions make of offers. */
export function supplyOf(context: Context): Supply {
  const { tables, workload } = context;
  const catalog = catalogOf(tables, workload);
  const apis = apisOf(tables);
  return { tables, catalog, apis, offers: offersOf(catalog, apis, context) };
}
