import type { Context } from '../places/placement.js';
import type { Supply } from './admitted.js';
import { apisOf } from './apis.js';
import { catalogOf } from './catalog.js';
import { offersOf } from './offers.js';

/** All that may serve a scenario: the catalog of its tables, and what its assumptions make of offers. */
export function supplyOf(context: Context): Supply {
  const { tables, workload } = context;
  const catalog = catalogOf(tables, workload);
  const apis = apisOf(tables);
  return { tables, catalog, apis, offers: offersOf(catalog, apis, context) };
}
