import { expect, test } from 'vitest';
import type { Decision } from '../src/decide/decision.js';
import { checklist, playbook } from '../src/report/sections/playbook.js';

const text = (lines: unknown) => JSON.stringify(lines);
const step = { step: 1, date: '2026-11-20', trigger: null, do: 'Decide.', source: '' };

test('with --point neither playbook nor checklist is made, and neither is said to be empty', () => {
  const decision = { playbook: [], checklist: [] } as unknown as Decision;
  expect(text(checklist(decision, 80))).toBe(text(playbook(decision, 80)));
  expect(text(checklist(decision, 80))).toContain('none is made with --point');
});

test('an empty checklist beside a playbook has nothing to see to', () => {
  const decision = { playbook: [step], checklist: [] } as unknown as Decision;
  expect(text(checklist(decision, 80))).toContain('nothing to see to');
});
