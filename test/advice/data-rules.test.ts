import { expect, test } from 'vitest';
import { wordInputs } from '../../src/analyses/flips/inputs.js';
import { resolve } from '../../src/workload/resolve.js';
import { boundaries } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { asOf, readWritten } from '../support/scenario.js';

const tables = await shippedTables();
const of = (data: object) => ({
  workload: { volume: '20k requests/day' },
  tasks: [{ name: 'faq', type: 'faq-chat' }],
  data,
});

test('a flip of a rule for data is towards a stricter one', () => {
  const levels = ['public', 'internal', 'pii', 'regulated', 'device-only'];
  for (const [index, sensitivity] of levels.entries())
    for (const residency of [undefined, ['us'], ['us', 'eea']])
      for (const regimes of [undefined, ['hipaa']]) {
        const data = { sensitivity, ...(residency && { residency }), ...(regimes && { regimes }) };
        const read = readWritten(of(data), tables);
        const workload = resolve(read, tables, asOf);
        const inputs = wordInputs({ scenario: read.scenario, workload, tables, regions: 'narrower' } as Parameters<
          typeof wordInputs
        >[0]);
        const words = (path: string) => inputs.find((one) => one.path === path)?.words ?? [];
        expect(words('data.sensitivity').every((word) => levels.indexOf(word) > index)).toBe(true);
        const boundary = workload.taskParts[0]?.needs.boundary;
        const limits: readonly string[] = boundaries;
        expect(words('data.boundary').every((word) => limits.indexOf(word) <= limits.indexOf(boundary ?? ''))).toBe(
          true,
        );
        expect(words('data.residency')).not.toContain('[]');
        if (residency !== undefined)
          expect(words('data.residency').every((word) => residency.some((one) => word === `[${one}]`))).toBe(true);
        expect(words('data.regimes').every((word) => word.startsWith(`[${(regimes ?? []).join()}`))).toBe(true);
        expect(words('data.regimes').length).toBeGreaterThan(10);
      }
});
