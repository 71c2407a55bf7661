import { expect, test } from 'vitest';
import { notConsidered } from '../../src/decide/option-report.js';
import { readScenario } from '../../src/workload/read.js';
import { shippedTables } from '../support/load.js';
import { caseOf, decide, readWritten, type Written } from '../support/scenario.js';

const plain: Written = { workload: { volume: 100 }, tasks: [{ name: 'a', type: 'faq-chat' }] };

test('hardware, devices, sites and availability come through as written', async () => {
  const { workload } = await caseOf({
    workload: { volume: 100, sites: 12 },
    tasks: [
      { name: 'a', type: 'faq-chat', availability: '99.95%' },
      { name: 'b', type: 'faq-chat' },
    ],
    needs: { availability: '99.5%' },
    existing: [{ accelerator: 'a100-sxm-80gb', count: 4 }],
    devices: { count: '10k..30k', classes: { 'apple-a17-pro-8gb': '25%', 'apple-m1-8gb': 0.5 } },
  });
  expect(workload.existing).toEqual([{ accelerator: 'a100-sxm-80gb', count: 4 }]);
  expect(workload.devices).toEqual({
    owner: 'company',
    count: 20_000,
    classes: [
      { accelerator: 'apple-a17-pro-8gb', share: 0.25 },
      { accelerator: 'apple-m1-8gb', share: 0.5 },
    ],
  });
  expect(workload.sites).toBe(12);
  expect(workload.availability).toBe(0.995);
  // A task's own wins over that of the service.
  expect(workload.taskParts.map(({ needs }) => needs.availability)).toEqual([0.9995, 0.995]);
  expect(workload.inputs.find(({ path }) => path === 'devices.count')?.value.range).toMatchObject({
    low: 10_000,
    high: 30_000,
  });
});

test.each([
  { sites: 0, why: 'none' },
  { sites: 1.5, why: 'a part' },
  { sites: '3..5', why: 'a range' },
])('$why of a site is refused', async ({ sites }) => {
  const text = JSON.stringify({ version: 1, ...plain, workload: { volume: 100, sites } });
  const { scenario, problems } = readScenario(text, { file: 'x.json', tables: await shippedTables() });
  expect(scenario).toBeNull();
  expect(problems.map(({ path }) => path)).toEqual(['workload.sites']);
});

test('a deadline of hours is considered, and so are several sites', async () => {
  const tables = await shippedTables();
  const said = async (written: Written) =>
    notConsidered(readWritten(written, tables), (await caseOf(written)).workload, tables).map(({ message }) => message);
  expect(await said({ ...plain, tasks: [{ type: 'faq-chat', deadline: '4h' }] })).toEqual([]);
  expect(await said({ ...plain, workload: { volume: 100, sites: 1 } })).toEqual([]);
  expect(await said({ ...plain, workload: { volume: 100, sites: 3 } })).toEqual([]);
});

test('a day that there is not is refused: as text it would stand before or after every date of the tables', async () => {
  for (const day of ['', 'yesterday', '2026-11', '2026-02-30', '2026-13-01', '2026-11-20T00:00:00Z'])
    await expect(decide(plain, { day, point: true })).rejects.toThrow(`asOf: "${day}" is not a day as YYYY-MM-DD`);
  expect((await caseOf(plain, undefined, '2028-02-29')).workload.months).toBe(12);
});
