import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { run } from '../../src/cli/command-line.js';
import type { Decision } from '../../src/decide/decision.js';
import { table } from '../../src/report/assess.js';
import { readScenario } from '../../src/workload/read.js';
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';
import { recordingIo } from '../support/recording-io.js';
import { tool } from '../support/scenario.js';

const readme = readFileSync('README.md', 'utf8');
const reading = readFileSync('docs/report.md', 'utf8');
const carries = readFileSync('docs/capacity.md', 'utf8');
const file = 'scenarios/support-chatbot.yaml';
const block = (after: string, page = readme): string =>
  page
    .split(after)[1]
    ?.split('```')[1]
    ?.replace(/^\w*\n/, '') ?? '';

const printed = (decision: Decision): string => table(decision, { color: false, width: 80, detail: null });

// A reader has the newest prices, as they are.
const pins = ['DEPLOY_ADVISOR_PRICING', 'DEPLOY_ADVISOR_NO_CORRECTIONS'] as const;
const pinned = pins.map((name) => process.env[name]);
beforeAll(() => {
  for (const name of pins) process.env[name] = '';
});
afterAll(() => {
  for (const [at, name] of pins.entries()) process.env[name] = pinned[at] ?? '';
});

test('the output in the README is what the command prints', async () => {
  const shown = await answered(`assess ${file} --as-of ${asOf}`);
  expect(block('<!-- output: assess scenarios/support-chatbot.yaml -->')).toBe(shown);
});

async function answered(line: string): Promise<string> {
  const { io, out, err, exit } = recordingIo();
  await run(line.split(' '), io);
  expect({ err, exit }).toEqual({ err: [], exit: [] });
  return out.join('');
}

test('so is that of `capacity`, by the command line above it', async () => {
  const [, line = ''] = /^`deploy-advisor (capacity [^`]+)`:$/m.exec(carries) ?? [];
  expect(block('<!-- output: capacity -->', carries)).toBe(await answered(line));
});

test('and that of `breakeven`', async () => {
  const [, line = ''] = /^`deploy-advisor (breakeven [^`]+)`:$/m.exec(reading) ?? [];
  expect(block('<!-- output: breakeven -->', reading)).toBe(await answered(line));
});

test('the errors that docs/capacity.md states are those of `capacity --accuracy`', async () => {
  const text = await answered('capacity --accuracy');
  const [, measurements] = /^Capacity against ([\d,]+) published measurements$/m.exec(text) ?? [];
  const of = (metric: string) => new RegExp(`^${metric} +\\d+ +(\\d+ %) +(\\d+ %)`, 'm').exec(text) ?? [];
  const [, roofline, system] = of('system throughput, output tokens/s');
  const [, , first] = of('TTFT, low load');
  const [stated] = /Capacity is predicted, .+? a first token by \d+ %;/.exec(carries.replaceAll('\n', ' ')) ?? [];
  expect(stated).toBe(
    `Capacity is predicted, from factors fitted to ${measurements} published measurements. Throughput of a source that the fit has not seen is off by ${system} in the median (by a plain roofline: ${roofline}), a first token by ${first};`,
  );
});

test('the scenario in the README is the committed one, without its comments and what is assumed anyway', async () => {
  const { tables, prose } = await shipped();
  const shown = (text: string) => {
    const { scenario } = readScenario(text, { file, tables });
    if (scenario === null) throw new Error('the scenario of the README does not read');
    const decision = assess(scenario, tables, { asOf, prose, tool, point: true });
    return printed(decision).replace(/\d+ of \d+ inputs/, 'some inputs');
  };
  expect(shown(block('with 50,000 conversations a day of 2,000 tokens.'))).toBe(shown(readFileSync(file, 'utf8')));
});

test('every script the README and CONTRIBUTING name exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = `${readme}${readFileSync('CONTRIBUTING.md', 'utf8')}`.matchAll(/npm run ([a-z-]+)/g);
  const names = [...named].map(([, name]) => name as string);
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) expect(Object.keys(scripts)).toContain(name);
});
