import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import type { ApiRow } from '../../src/tables/columns.js';
import { loadTables, readTables } from '../../src/tables/load.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { asOf, committed } from '../support/committed.js';
import { adviceOn, decidedInFull } from '../support/committed-decisions.js';
import { newestSnapshot, shipped, shippedFiles } from '../support/load.js';
import { long, sampled } from '../support/sample.js';
import { tool } from '../support/scenario.js';

const pricing = new URL('../../pricing/', import.meta.url);
const dates = readdirSync(pricing)
  .filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name))
  .sort();

/** All are read on every snapshot, and of the older ones these are decided. Decisions on the newest are there anyway. */
const decided = new Set(
  sampled(
    dates.flatMap((date) =>
      (date === newestSnapshot ? [] : decidedInFull).map((scenario) => ({
        date,
        scenario,
        key: `${scenario},${date}`,
      })),
    ),
    25,
    { group: ({ date }) => date, name: ({ key }) => key },
  ).map(({ key }) => key),
);
const isDecided = (scenario: string, date: string): boolean =>
  long || date === newestSnapshot || decided.has(`${scenario},${date}`);

/** What is decided on a scenario, or why the prices of that date cannot be asked. */
type Answer = { scenario: string; decision: Decision | null; unread: string[] };
type Dated = { api: readonly ApiRow[]; answers: Answer[] };

async function decidedOn(date: string): Promise<Dated> {
  const { tables, prose } = date === newestSnapshot ? await shipped() : loadTables(shippedFiles(date));
  if (tables === null || prose === null) throw new Error(`${date} does not load`);
  const answers: Answer[] = [];
  for (const scenario of committed) {
    const file = `scenarios/${scenario}.yaml`;
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    const { scenario: read, problems } = readScenario(text, { file, tables, asOf });
    const unread = problems.flatMap(({ severity, message }) => (severity === 'error' ? [message] : []));
    const decide = () =>
      date === newestSnapshot
        ? adviceOn(scenario)
        : assess(read as ReadScenario, tables, { asOf, point: true, prose, tool });
    const decision = read !== null && isDecided(scenario, date) ? await decide() : null;
    answers.push({ scenario, decision, unread });
  }
  return { api: tables.api, answers };
}

const known = new Map<string, Promise<Dated>>();
function answersOn(date: string): Promise<Dated> {
  const dated = known.get(date) ?? decidedOn(date);
  known.set(date, dated);
  return dated;
}

/** The earliest release of every model family and accelerator, read from the catalog whole. */
function firstReleases(): Map<string, string> {
  const { parsed } = readTables(shippedFiles());
  const first = new Map<string, string>();
  const note = (name: string, released: string | null): void => {
    if (released !== null && released < (first.get(name) ?? '9999')) first.set(name, released);
  };
  for (const { family, released } of [...(parsed.models?.rows ?? []), ...(parsed.capability?.rows ?? [])])
    note(family, released);
  for (const { accelerator, released } of parsed.accelerators?.rows ?? []) note(accelerator, released);
  return first;
}

describe.each(dates)('%s', (date) => {
  test('every scenario is read and decided; where nothing fits, what came closest is told', async () => {
    const { answers } = await answersOn(date);
    expect(answers.map(({ scenario }) => scenario)).toEqual(committed);
    for (const { scenario, decision, unread } of answers) {
      // An article retold changes prices of rows by name, and rows of today are not in an old snapshot.
      const mayMiss = scenario.endsWith('-as-published') && date !== newestSnapshot;
      if (!mayMiss) expect(unread, scenario).toEqual([]);
      if (decision === null) {
        if (unread.length > 0 || isDecided(scenario, date))
          expect(unread.join(), scenario).toContain(`the tables of ${date} `);
      } else if (decision.recommendation.status === 'infeasible')
        expect(decision.nearestMisses.length, scenario).toBeGreaterThan(0);
      else expect(decision.recommendation.monthlyCost, scenario).toBeGreaterThanOrEqual(0);
    }
  });

  test('nothing of later is in any answer', async () => {
    const { api, answers } = await answersOn(date);
    const first = firstReleases();
    const familyOf = new Map(api.map(({ provider, modelId, family }) => [`${provider}/${modelId}`, family]));
    for (const { scenario, decision } of answers) {
      for (const { provider, model, hardware } of decision?.options ?? []) {
        const used = [model, familyOf.get(`${provider}/${model}`) ?? model, hardware ?? ''];
        const later = used.filter((each) => (first.get(each) ?? '').slice(0, 7) > date.slice(0, 7));
        expect(later, scenario).toEqual([]);
      }
    }
  });
});

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function row(date: string, { scenario, decision, unread }: Answer): string {
  const { plan, monthlyCost } = decision?.recommendation ?? { plan: null, monthlyCost: null };
  const said = decision === null ? `not read: ${unread.join('; ')}` : 'nothing fits';
  // Cents: the last digits are in the goldens of whole decisions.
  return [scenario, date, plan ?? said, monthlyCost?.toFixed(2) ?? ''].map(cell).join();
}

test('decisions on all snapshots are those of the golden table', async () => {
  const rows: string[] = [];
  for (const date of dates) {
    const { answers } = await answersOn(date);
    const told = answers.filter(({ scenario, unread }) => unread.length > 0 || isDecided(scenario, date));
    rows.push(...told.map((answer) => row(date, answer)));
  }
  if (long) {
    const text = ['scenario,snapshot,plan,monthlyCost', ...rows.sort()].join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/decisions-by-snapshot.csv');
  }
  const lines = readFileSync(new URL('../golden/decisions-by-snapshot.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(1 + dates.length * committed.length);
  for (const line of rows) expect(lines).toContain(line);
});
