import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { table } from '../../src/report/assess.js';
import { asOf } from '../support/committed.js';
import { decideShape } from '../support/playbook-decisions.js';
import { cliHere } from '../support/recording-io.js';

const asked = ['assess', 'scenarios/nightly-calls.yaml', '--as-of', asOf];
const golden = readFileSync(new URL('../golden/playbook/api-only.txt', import.meta.url), 'utf8');

test('--detail playbook prints the steps and the checklist below the report, and no other detail', async () => {
  const { code, out, err } = await cliHere([...asked, '--detail', 'playbook']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.endsWith(`\n${golden}`)).toBe(true);
  expect(out).not.toMatch(/^(SCORECARD|SIMULATIONS|INPUTS|OPTIONS)$/m);
});

test('--detail full has them too, and the report alone says where they are', async () => {
  const decision = await decideShape('api-only');
  const text = (detail: 'full' | null) => table(decision, { color: false, width: 80, detail });
  expect(text('full').endsWith(`\n${golden}`)).toBe(true);
  expect(text(null)).not.toMatch(/^(PLAYBOOK|CHECKLIST)$/m);
  expect(text(null).replace(/\s+/g, ' ')).toContain('--detail full');
});

test('the days follow --as-of, and with --point there are no steps', async () => {
  const json = async (...more: string[]) => JSON.parse((await cliHere([...asked, '--format', 'json', ...more])).out);
  const early = await json('--as-of', '2026-09-01');
  expect(early.playbook[0]).toMatchObject({ step: 1, when: '2026-09-01', id: 'start' });
  expect(early.playbook.every(({ source }: { source: string }) => source !== '')).toBe(true);
  const { playbook, checklist } = await json('--point');
  expect({ playbook, checklist }).toEqual({ playbook: [], checklist: [] });
});
