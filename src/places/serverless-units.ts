import type { HostingRow } from '../tables/rows.js';
import { type UnitType, unitTypes } from './fleet-units.js';
import { onceForTables } from './market.js';
import type { Context } from './placement.js';

const secondsPerHour = 3600;

/** GPUs a worker may span: one replica of a model, never several. */
const groups = [1, 2, 4, 8];

/** What hosting.csv calls a worker that is billed only while it runs. */
const serverless = ({ kind, scaleToZero }: HostingRow): boolean => kind === 'serverless-gpu' && scaleToZero !== false;

/** Every worker on sale whose hardware is known: one or more GPUs of a product, that hold one replica together. */
export const serverlessUnits = onceForTables(({ tables }): UnitType[] => {
  const found = tables.hosting.filter(serverless).flatMap((row) => {
    const accelerator = tables.acceleratorOf.get(row.accelerator ?? '');
    const { usdPerUnit, gpuCount, unit } = row;
    if (accelerator === undefined || usdPerUnit === null || gpuCount === null || unit !== 'gpu-second') return [];
    return groups.map((group) => {
      const gpus = group * gpuCount;
      const offer = {
        provider: row.provider,
        region: null,
        reach: 'under-contract' as const,
        marketplace: false,
        instance: group === 1 ? row.product : `${row.product}-${group}x`,
        purchase: null,
        usdPerHour: usdPerUnit * gpus * secondsPerHour,
        termMonths: 0,
        followsHours: true,
        owned: 0,
        row: { table: 'hosting' as const, row: row.row },
      };
      return { accelerator, gpus, offer };
    });
  });
  return unitTypes(found);
});

/** Serverless products priced by something else than a GPU of a known kind: nothing says how much a unit serves. */
export const unsizable = (row: HostingRow): boolean =>
  serverless(row) && (row.unit !== 'gpu-second' || row.accelerator === null);

const rows = new WeakMap<readonly HostingRow[], Map<number, HostingRow>>();

/** The price row behind an offer. */
export function rowOf(offer: { row: { row: number } }, { tables }: Context): HostingRow {
  let byRow = rows.get(tables.hosting);
  if (byRow === undefined) {
    byRow = new Map(tables.hosting.map((each) => [each.row, each]));
    rows.set(tables.hosting, byRow);
  }
  const found = byRow.get(offer.row.row);
  if (found === undefined) throw new Error(`hosting has no row ${offer.row.row}`);
  return found;
}
