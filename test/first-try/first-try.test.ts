import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { assess } from '../../src/analyses/assess.js';
import { tool } from '../../src/cli/problems.js';
import type { Decision } from '../../src/decide/decision.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { latestSnapshot, shipped } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';
import { sampled } from '../support/sample.js';

/** What somebody writes at the first try runs, or is answered by what to write. */

const folder = 'test/first-try';
const all = readdirSync(`${folder}/first`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));
/** Those of one who had read no more than README, init and help: each by its number. */
const strangers = all.filter((name) => /^\d/.test(name));
const names = all.filter((name) => !strangers.includes(name));
const commands = parse(readFileSync(`${folder}/commands.yaml`, 'utf8')) as Record<string, string[][]>;
/** Some that are decided; that all are read is asked below. */
const some = (of: readonly string[], always: readonly string[] = []) =>
  sampled(of, 5, { group: (name) => (always.includes(name) ? name : ''), name: (name) => name });
const { tables, prose } = await shipped(latestSnapshot);
const textOf = (name: string) => readFileSync(`${folder}/${name}.yaml`, 'utf8');
const errorsIn = (text: string) =>
  readScenario(text, { file: 'scenario.yaml', tables }).problems.filter(({ severity }) => severity === 'error');
/** What is advised for a text that can be read. */
function decided(text: string): Decision {
  expect(errorsIn(text)).toEqual([]);
  const { scenario } = readScenario(text, { file: 'scenario.yaml', tables });
  return assess(scenario as ReadScenario, tables, { asOf: '2026-11-20', prose, tool, point: true });
}
/** The last of the tries writes a scenario, each before it is refused with what to write. */
async function writtenByInit(tries: readonly string[][]): Promise<void> {
  for (const [index, args] of tries.entries()) {
    const { code, out, err } = await cliHere(['init', ...args, '-o', '-']);
    if (index === tries.length - 1) expect([code, errorsIn(out)]).toEqual([0, []]);
    else expect([code, err]).toEqual([2, expect.stringMatching(/error[\s\S]*= (?:write|did you mean)/)]);
  }
}

test('there are twelve, each in both ways', () => {
  expect(names).toHaveLength(12);
  expect(Object.keys(commands).sort()).toEqual(names);
});

describe.each(names)('%s', (name) => {
  const [first, second] = [textOf(`first/${name}`), textOf(`second/${name}`)];

  test('each mistake at the first try names its mending', () => {
    for (const { message, suggestion, code, line } of errorsIn(first)) {
      const said = `${message} ${suggestion ?? ''}`;
      // What is missing is told by the strange field beside it.
      const beside =
        code === 'missing-key' && errorsIn(first).some((other) => other.code === 'unknown-key' && other.line === line);
      expect(beside || /write |did you mean|say what/.test(said), said).toBe(true);
      expect(said).not.toMatch(/known: .*,.*,.*,.*,.*,.*,/);
    }
  });

  test('with the hints followed it is read, and some run', () => {
    expect(errorsIn(second)).toEqual([]);
    if (!some(names).includes(name)) return;
    // A keyboard that writes whole answers within 300 ms fits no phone, which is an answer.
    const status = name === 'phone-keyboard' ? 'infeasible' : 'recommended';
    expect(decided(second).recommendation.status).toBe(status);
  });

  test('by init: at the first try, or at the second by its hint', () => writtenByInit(commands[name] ?? []));
});

/** What a stranger wrote that only runs once a hint is followed. */
const toldFirst = ['18-eu-bank'];
/** What no place can do, which is an answer too. */
const infeasible = ['20-phone-keyboard'];

describe.each(some(strangers, [...toldFirst, ...infeasible]))('%s', (name) => {
  test.runIf(toldFirst.includes(name))('is answered by what to write', () => {
    const suggestions = errorsIn(textOf(`first/${name}`)).map(({ suggestion }) => suggestion);
    expect(suggestions).toEqual([expect.stringMatching(/^write /)]);
  });

  test('runs', () => {
    const text = textOf(`${toldFirst.includes(name) ? 'second' : 'first'}/${name}`);
    expect(decided(text).recommendation.status).toBe(infeasible.includes(name) ? 'infeasible' : 'recommended');
  });
});

test('fourteen of a stranger’s fifteen files run at the first try', () => {
  expect(strangers).toHaveLength(15);
  expect(strangers.filter((name) => errorsIn(textOf(`first/${name}`)).length > 0)).toEqual(toldFirst);
});

test('all of twelve run by init at the first try', () => {
  const tries = Object.values(commands).map(({ length }) => length);
  expect(tries.filter((count) => count === 1)).toHaveLength(12);
});

describe('of twelve briefs that another stranger had, with three harder ones', () => {
  const place = `${folder}/stranger`;
  const typed = parse(readFileSync(`${place}/commands.yaml`, 'utf8')) as Record<string, string[][]>;
  const files = readdirSync(place).filter((name) => /^\d\d-[a-z]+\.yaml$/.test(name));

  test.each(Object.entries(typed))('%s is written by init, or refused with what to write', (_, tries) =>
    writtenByInit(tries),
  );

  test.each(files)('%s, written by hand, is read', (name) => {
    expect(errorsIn(readFileSync(`${place}/${name}`, 'utf8'))).toEqual([]);
  });

  test('all of fifteen at the first try', () => {
    const tries = [...Object.values(typed).map(({ length }) => length), ...files.map(() => 1)];
    expect(tries).toHaveLength(15);
    expect(tries.filter((count) => count > 1)).toEqual([]);
  });
});

describe('of twelve briefs that a reader of the first screen of the README had', () => {
  const place = `${folder}/screen`;
  /** Requests a day, and where the brief lets them run. */
  const meant: Readonly<Record<string, readonly [perDay: number, kinds: RegExp]>> = {
    'air-gapped-analysts': [60 * 80, /^on-prem$/],
    'catalog-translation': [(1.2e6 * 12) / 365, /api/],
    'claims-mail': [9000, /api|hosting|gpu|cloud|on-prem/],
    'fraud-notes': [5000, /^on-prem$/],
    'game-characters': [2e6, /api|hosting|gpu|cloud|on-prem/],
    'hotel-concierge': [12_000 * 6, /api|hosting|gpu|cloud|on-prem/],
    'literature-search': [250 * 12, /api|hosting|gpu|cloud|on-prem/],
    // No phone writes summaries as good as is usual as fast as is usual: an answer as well.
    'notes-on-phones': [500_000 * 3, /^$/],
    nurses: [2500, /api|hosting|gpu|cloud|on-prem/],
    tutoring: [4000 * 15, /api|hosting|gpu|cloud|on-prem/],
  };
  const told = ['contract-review', 'developers'];

  test('each is there', () =>
    expect(readdirSync(place).filter((name) => name.endsWith('.yaml'))).toEqual(
      [...Object.keys(meant), ...told].sort().map((name) => `${name}.yaml`),
    ));

  test.each(Object.entries(meant))('%s is read; some run, and mean what the brief says', (name, [perDay, kinds]) => {
    const text = textOf(`screen/${name}`);
    expect(errorsIn(text)).toEqual([]);
    if (!some(Object.keys(meant), ['air-gapped-analysts', 'notes-on-phones']).includes(name)) return;
    const decision = decided(text);
    expect(decision.scenario.requestsPerDay).toBeCloseTo(perDay, 3);
    expect(decision.recommendation.kinds.join()).toMatch(kinds);
  });

  test.each(told)('%s is answered by what to write', (name) => {
    const errors = errorsIn(textOf(`screen/${name}`));
    expect(errors.length).toBeGreaterThan(0);
    for (const { suggestion } of errors) expect(suggestion).toMatch(/write |say what|name those/);
  });

  test('whoever saw that screen without the list of fields wrote twelve of which none is read', () => {
    const before = `${folder}/screen-before`;
    const files = readdirSync(before);
    expect(files).toHaveLength(12);
    // Nearly all mistakes are answered by the field that is meant.
    const errors = files.flatMap((name) => errorsIn(readFileSync(`${before}/${name}`, 'utf8')));
    expect(errors.filter(({ suggestion }) => suggestion !== null).length / errors.length).toBeGreaterThan(0.8);
  });
});

test('what the README shows that a scenario may say is read', () => {
  const shown = readFileSync('README.md', 'utf8').split('<!-- scenario: all common fields -->\n```yaml\n')[1] ?? '';
  expect(errorsIn(shown.split('```')[0] ?? '')).toEqual([]);
});
