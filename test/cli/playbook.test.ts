import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { table } from '../../src/report/formats/table.js';
import { cli } from '../support/cli-process.js';
import { asOf } from '../support/committed.js';
import { decideCommitted, shapes } from '../support/playbook-decisions.js';

const { scenario, set = [] } = shapes['api-to-rented'] as { scenario: string; set: string[] };
const asked = ['assess', `scenarios/${scenario}.yaml`, '--as-of', asOf, ...set.flatMap((one) => ['--set', one])];
const golden = readFileSync(new URL('../golden/playbook/api-to-rented.txt', import.meta.url), 'utf8');

test('--detail playbook prints the steps and the checklist below the report, and no other detail', () => {
  const { code, out, err } = cli([...asked, '--detail', 'playbook']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.endsWith(`\n${golden}`)).toBe(true);
  expect(out).not.toMatch(/^(CRITERIA|SURE|INPUTS|OPTIONS)$/m);
});

test('--detail full has them too, and the report alone says where they are', async () => {
  const decision = await decideCommitted(scenario, set);
  const text = (detail: 'full' | null) => table(decision, { color: false, width: 80, detail });
  expect(text('full').endsWith(`\n${golden}`)).toBe(true);
  expect(text(null)).not.toMatch(/^(PLAYBOOK|CHECKLIST)$/m);
  expect(text(null).replace(/\s+/g, ' ')).toContain('--detail criteria|inputs|options|playbook|full');
});

test('the days follow --as-of, and with --point there are no steps', () => {
  const json = (...more: string[]) => JSON.parse(cli([...asked, '--format', 'json', ...more]).out);
  const early = json('--as-of', '2026-09-01');
  expect(early.playbook[0]).toMatchObject({ step: 1, when: '2026-09-01', id: 'move' });
  expect(early.playbook.every(({ source }: { source: string }) => source !== '')).toBe(true);
  const { playbook, checklist } = json('--point');
  expect({ playbook, checklist }).toEqual({ playbook: [], checklist: [] });
});
