import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { assess } from '../../src/analyses/assess.js';
import { tool } from '../../src/cli/tool.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { latestSnapshot, shipped } from '../support/load.js';
import { cliHere } from '../support/recording-io.js';

/** What somebody writes at the first try runs, or is answered by what to write. */

const folder = 'test/first-try';
const all = readdirSync(`${folder}/first`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));
/** Those of one who had read no more than README, init and help: each by its number. */
const strangers = all.filter((name) => /^\d/.test(name));
const names = all.filter((name) => !strangers.includes(name));
const commands = parse(readFileSync(`${folder}/commands.yaml`, 'utf8')) as Record<string, string[][]>;
const { tables, prose } = await shipped(latestSnapshot);
const errorsIn = (text: string) =>
  readScenario(text, { file: 'scenario.yaml', tables }).problems.filter(({ severity }) => severity === 'error');

test('there are twelve, each in both ways', () => {
  expect(names).toHaveLength(12);
  expect(Object.keys(commands).sort()).toEqual(names);
});

describe.each(names)('%s', (name) => {
  const [first, second] = ['first', 'second'].map((kind) => readFileSync(`${folder}/${kind}/${name}.yaml`, 'utf8')) as [
    string,
    string,
  ];

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

  test('with the hints followed it runs', () => {
    const { scenario, problems } = readScenario(second, { file: 'scenario.yaml', tables });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { recommendation } = assess(scenario as ReadScenario, tables, {
      asOf: '2026-11-20',
      prose,
      tool,
      point: true,
    });
    // A keyboard that writes whole answers within 300 ms fits no phone, which is an answer.
    expect(recommendation.status).toBe(name === 'phone-keyboard' ? 'infeasible' : 'recommended');
  });

  test('by init: at the first try, or at the second by its hint', async () => {
    const tries = commands[name] ?? [];
    for (const [index, args] of tries.entries()) {
      const { code, out, err } = await cliHere(['init', ...args, '-o', '-']);
      const isLast = index === tries.length - 1;
      expect({ code, hint: /error[\s\S]*= (?:write|did you mean)/.test(err) }).toEqual({
        code: isLast ? 0 : 2,
        hint: !isLast,
      });
      if (isLast) expect(errorsIn(out)).toEqual([]);
    }
  });
});

/** What a stranger wrote that only runs once a hint is followed. */
const toldFirst = ['18-eu-bank'];
/** What no place can do, which is an answer too. */
const infeasible = ['20-phone-keyboard'];

describe.each(strangers)('%s', (name) => {
  const first = readFileSync(`${folder}/first/${name}.yaml`, 'utf8');

  test.runIf(toldFirst.includes(name))('is answered by what to write', () => {
    expect(errorsIn(first).map(({ suggestion }) => suggestion)).toEqual([expect.stringMatching(/^write /)]);
  });

  test('runs', () => {
    const text = toldFirst.includes(name) ? readFileSync(`${folder}/second/${name}.yaml`, 'utf8') : first;
    const { scenario, problems } = readScenario(text, { file: 'scenario.yaml', tables });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { recommendation } = assess(scenario as ReadScenario, tables, {
      asOf: '2026-11-20',
      prose,
      tool,
      point: true,
    });
    expect(recommendation.status).toBe(infeasible.includes(name) ? 'infeasible' : 'recommended');
  });
});

test('fourteen of a stranger’s fifteen files run at the first try', () => {
  expect(strangers).toHaveLength(15);
  expect(strangers.filter((name) => errorsIn(readFileSync(`${folder}/first/${name}.yaml`, 'utf8')).length > 0)).toEqual(
    toldFirst,
  );
});

test('all of twelve run by init at the first try', () => {
  const tries = Object.values(commands).map(({ length }) => length);
  expect(tries.filter((count) => count === 1)).toHaveLength(12);
});

describe('of twelve briefs that another stranger had, with three harder ones', () => {
  const place = `${folder}/stranger`;
  const typed = parse(readFileSync(`${place}/commands.yaml`, 'utf8')) as Record<string, string[][]>;
  const files = readdirSync(place).filter((name) => /^\d\d-[a-z]+\.yaml$/.test(name));

  test.each(Object.entries(typed))('%s is written by init, or refused with what to write', async (_, tries) => {
    for (const [index, args] of tries.entries()) {
      const { code, out, err } = await cliHere(['init', ...args, '-o', '-']);
      const isLast = index === tries.length - 1;
      expect({ code, hint: /= (?:write|did you mean)/.test(err) }).toMatchObject(
        isLast ? { code: 0 } : { code: 2, hint: true },
      );
      if (isLast) expect(errorsIn(out)).toEqual([]);
    }
  });

  test.each(files)('%s, written by hand, is read', (name) => {
    expect(errorsIn(readFileSync(`${place}/${name}`, 'utf8'))).toEqual([]);
  });

  test('all of fifteen at the first try', () => {
    const tries = [...Object.values(typed).map(({ length }) => length), ...files.map(() => 1)];
    expect(tries).toHaveLength(15);
    expect(tries.filter((count) => count > 1)).toEqual([]);
  });
});
