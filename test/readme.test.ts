import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadProse } from '../src/cli/read-tables.js';
import { assess } from '../src/decide/assess.js';
import { table } from '../src/report/formats/table.js';
import { readScenario } from '../src/scenario/read.js';
import { shippedTables } from './load.js';

const readme = readFileSync('README.md', 'utf8');
const file = 'scenarios/support-chatbot.yaml';
const block = (after: string): string =>
  readme
    .split(after)[1]
    ?.split('```')[1]
    ?.replace(/^\w*\n/, '') ?? '';

async function printed(text: string): Promise<string> {
  const tables = await shippedTables();
  const { scenario } = readScenario(text, { file, tables });
  if (scenario === null) throw new Error('the scenario of the README does not read');
  const tool = { name: 'deploy-advisor', version: '0.0.0' };
  const decision = assess(scenario, tables, { asOf: '2026-11-20', prose: await loadProse(), tool });
  return table(decision, { color: false, width: 80, detail: null });
}

test('the output in the README is what the command prints', async () => {
  expect(block('<!-- output: assess scenarios/support-chatbot.yaml -->')).toBe(
    await printed(readFileSync(file, 'utf8')),
  );
});

test('the scenario in the README is the committed one, without its comments and what is assumed anyway', async () => {
  const shown = (report: string) => report.replace(/\d+ inputs are assumed/, 'n inputs are assumed');
  expect(shown(await printed(block('with 50,000 conversations a day of 2,000 tokens.')))).toBe(
    shown(await printed(readFileSync(file, 'utf8'))),
  );
});

test('every script the README and CONTRIBUTING name exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = `${readme}${readFileSync('CONTRIBUTING.md', 'utf8')}`.matchAll(/npm run ([a-z-]+)/g);
  const names = [...named].map(([, name]) => name as string);
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) expect(Object.keys(scripts)).toContain(name);
});
