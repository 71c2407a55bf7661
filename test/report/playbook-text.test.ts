import { expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { checklist, playbook } from '../../src/report/details.js';

const text = (lines: unknown) => JSON.stringify(lines);
const step = { step: 1, date: '2026-11-20', trigger: null, do: 'Decide.', source: '' };

test('with --point neither playbook nor checklist is made, and neither is said to be empty', () => {
  const decision = { playbook: [], checklist: [] } as unknown as Decision;
  expect(text(checklist(decision))).toBe(text(playbook(decision)));
  expect(text(checklist(decision))).toContain('none is made with --point');
});

test('an empty checklist beside a playbook has nothing to see to', () => {
  const decision = { playbook: [step], checklist: [] } as unknown as Decision;
  expect(text(checklist(decision))).toContain('nothing to check');
});

test('where costs count months from another one than steps do, it is said which', () => {
  const told = (asOf: string, timeline: object[]) =>
    text(playbook({ playbook: [step], tables: { asOf }, timeline } as unknown as Decision));
  const months = [{ date: '2026-08' }, { date: '2026-08' }, { date: '2026-09' }];
  expect(told('2026-11-20', months)).toContain(
    'month 1 of these steps is 2026-11; of costs it is 2026-08, that of the prices',
  );
  expect(told('2026-08-31', months)).not.toContain('month 1');
  expect(told('2026-11-20', [])).not.toContain('month 1');
});
