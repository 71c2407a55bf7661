import { expect, test } from 'vitest';
import { type ServerlessCosts, serverlessCosts } from '../../src/cost/serverless-costs.js';
import { traced } from '../../src/formula/traced.js';
import type { HostingRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { caseOf, tablesWith } from '../support/scenario.js';

const assumptions = {
  coldStartContainerOnly: 7,
  weightLoadRateNetworkVolume: 2,
  engineStartPerGbOfWeights: 0.5,
  coldStartBilledShare: 0.5,
  keepWarmIdleDefault: 60,
};
const row = (more: Partial<HostingRow>): HostingRow =>
  ({
    ...{ row: 3, provider: 'modal', unit: 'gpu-second', usdPerUnit: 0.001 },
    ...{ coldStartLowS: 2, coldStartHighS: 8, billingGranularityS: 4 },
    ...more,
  }) as HostingRow;

/** Two GPUs that load 10 GB, among other offers. */
async function costsOf(offer: HostingRow, others: readonly HostingRow[] = []): Promise<ServerlessCosts> {
  const written = {
    workload: { volume: '1000 requests/day' },
    tasks: [{ name: 'faq', type: 'faq-chat' }],
    assumptions,
  };
  const { workload, tables } = await caseOf(written);
  const within = { workload, tables: tablesWith(tables, { hosting: others } as Partial<Tables>) };
  return serverlessCosts({ row: offer, gpus: 2, weightsGb: 10 }, within, traced);
}

test('a start takes the middle of its band, the loading of the weights and the start of the engine', async () => {
  const { coldS, usdPerWorkerS, usdPerStart, idleS } = await costsOf(row({}));
  // sqrt(2 x 8) + 10 GB / 2 GB/s + 10 GB x 0.5 s/GB.
  expect(coldS.value).toBeCloseTo(4 + 5 + 5, 12);
  expect(usdPerWorkerS.value).toBeCloseTo(0.002, 12);
  // Half of 14 s is billed, and half a step of 4 s on top.
  expect(usdPerStart.value).toBeCloseTo(0.002 * (7 + 2), 12);
  expect(idleS.value).toBe(60);
  expect(usdPerStart.parts[1]?.parts[1]?.parts[1]?.sources).toEqual([{ table: 'hosting', row: 3 }]);
});

test('a band with an end that is not known is the usual start of a container', async () => {
  for (const unknown of [{ coldStartLowS: null }, { coldStartHighS: null }])
    expect((await costsOf(row(unknown))).coldS.value).toBeCloseTo(7 + 5 + 5, 12);
});

test('a billing step that is not known is the longest of offers billed like it, and names where it comes from', async () => {
  const others = [
    row({ row: 5, billingGranularityS: 6 }),
    row({ row: 6, billingGranularityS: 20 }),
    row({ row: 7, billingGranularityS: null }),
    row({ row: 8, billingGranularityS: 10 }),
    row({ row: 9, billingGranularityS: 3600, unit: 'gpu-hour' }),
  ];
  const { usdPerStart } = await costsOf(row({ billingGranularityS: null }), others);
  expect(usdPerStart.value).toBeCloseTo(0.002 * (7 + 10), 12);
  expect(usdPerStart.parts[1]?.parts[1]?.parts[1]?.sources).toEqual([{ table: 'hosting', row: 6 }]);
  const alone = await costsOf(row({ billingGranularityS: null }));
  expect(alone.usdPerStart.value).toBeCloseTo(0.002 * 7, 12);
});

test('weights lie on the volume of the provider, or on a block volume where it has none', async () => {
  const storage = async (provider: string) => (await costsOf(row({ provider }))).storage;
  expect((await storage('runpod')).parts[1]?.assumption).toBe('storageNetworkVolumeRunpod');
  const other = await storage('nobody');
  expect(other.parts[1]?.assumption).toBe('storageBlockSsd');
  expect(other.value).toBeCloseTo(10 * (other.parts[1]?.value ?? 0), 12);
});
