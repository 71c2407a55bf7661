import { expect, test } from 'vitest';
import type { SweepAnswer, SweepRow } from '../../src/analyses/sweep/cell.js';
import { sweepTable } from '../../src/report/sweep.js';

/** The list of a sweep: what each line is marked against. */

const cell = (plan: string, ...values: string[]): SweepRow => ({
  values,
  status: 'recommended',
  plan,
  label: plan,
  shape: 'single',
  kinds: [plan.startsWith('own') ? 'on-prem' : 'cloud-api'],
  kindsByTask: `faq=${plan.startsWith('own') ? 'on-prem' : 'cloud-api'}`,
  monthlyCost: 1,
  firstMonthCost: 1,
  peakMonthCost: 1,
  upfrontCost: 0,
  fteNeeded: 0,
  reason: null,
});

const two = (letter: string): string[] => [`${letter}1`, `${letter}2`];

function told(cells: SweepRow[], ...letters: string[]): { marks: string[]; note: string } {
  const answer = {
    schemaVersion: '1',
    tool: { name: 'deploy-advisor', version: '0' },
    scenario: { name: 'x', file: 'x.yaml', sha256: '', set: [] },
    tables: { snapshot: '2026-08-21', asOf: '2026-11-20', sha256: '', priceBook: null },
    axes: letters.map((letter) => ({ path: letter, values: two(letter) })),
    cells,
  } satisfies SweepAnswer;
  const lines = sweepTable(answer).split('\n');
  const rows = lines.filter((line) => /\b[a-z]1\b|\b[a-z]2\b/.test(line) && /\$1/.test(line));
  return { marks: rows.map((line) => line[0] ?? ''), note: lines.find((line) => line.startsWith('> the')) ?? '' };
}

test('of three axes a line is marked against the one above where one value moved, and against none at the start of a run', () => {
  const plans = ['own', 'api', 'own', 'own', 'api', 'api two', 'own', 'api'];
  const cells = two('a').flatMap((a) => two('b').flatMap((b) => two('c').map((c) => [a, b, c])));
  const { marks, note } = told(
    cells.map((values, i) => cell(plans[i] ?? '', ...values)),
    'a',
    'b',
    'c',
  );
  expect(marks).toEqual([' ', '>', ' ', ' ', ' ', '*', ' ', '>']);
  expect(note).toBe('> the advice changes with the last axis; * another plan of the same kinds');
});

test('of one axis every line is marked against the one above', () => {
  const { marks, note } = told([cell('own', 'a1'), cell('api', 'a2')], 'a');
  expect(marks).toEqual([' ', '>']);
  expect(note).toBe('> the advice changes; * another plan of the same kinds');
});
