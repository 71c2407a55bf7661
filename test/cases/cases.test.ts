import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { formulas } from './registry.js';
import { runCases } from './run.js';
import { readUnit } from './unit.js';

const published = readFileSync('test/fixtures/worked-examples.csv', 'utf8');
const byHand = readFileSync('test/fixtures/worked-by-hand.csv', 'utf8');
const header =
  'id,source,page_or_table,date,kind,inputs_json,expected,unit,tolerance_pct,recomputed_value,formula_note,confidence';

const row = (inputs: object | string, expected: string | number, unit: string, tolerance: string | number = 1e-6) => {
  const json = typeof inputs === 'string' ? inputs : JSON.stringify(inputs);
  return `X1,here,,2026,kind,"${json.replaceAll('"', '""')}",${expected},${unit},${tolerance},,,high`;
};
const run = (...rows: string[]) => runCases([header, ...rows].join('\n'));
const problemsOf = (inputs: object | string, unit = 'USD', expected: string | number = 1) =>
  run(row(inputs, expected, unit)).problems.map(({ message }) => message);

describe('the examples that are kept', () => {
  test.each(runCases(published).results)('published $id: $formula in $unit', ({ computed: value, expected, met }) => {
    expect({ value, met }, `expected ${expected}`).toEqual({ value, met: true });
  });

  test.each(runCases(byHand).results)('by hand $id in $unit', ({ computed: value, expected, met }) => {
    expect({ value, met }, `expected ${expected}`).toEqual({ value, met: true });
  });

  test('all are read, and use every input they name', () => {
    for (const text of [published, byHand]) {
      const { results, problems } = runCases(text);
      expect(problems).toEqual([]);
      expect(results.length).toBe(text.trim().split('\n').length - 1);
      // As above, but run within a test: what runs while tests are listed is not looked at where code is changed to try them.
      expect(results.filter(({ met }) => !met)).toEqual([]);
      expect(results.flatMap(({ id, unused }) => unused.map((name) => `${id} ${name}`))).toEqual([]);
    }
  });

  test('every formula has an example', () => {
    const used = [published, byHand].flatMap((text) => runCases(text).results.map(({ formula }) => formula));
    expect([...formulas.keys()].filter((id) => !used.includes(id))).toEqual([]);
  });
});

test('every input that a formula takes is read by an example', () => {
  const given = new Set([...`${published}${byHand}`.matchAll(/""(\w+)"":/g)].map(([, name]) => name));
  const named = [...formulas].filter(([id]) => id !== 'T5').flatMap(([, { takes }]) => takes.split(' '));
  expect([...new Set(named)].filter((name) => !given.has(name))).toEqual([]);
});

describe('what a row asks', () => {
  test('a wrong figure is missed, and says by how much', () => {
    const { results } = run(row({ formula: 'T1', gpus: 1, usd_per_gpu_hour: 3 }, 2000, 'USD/month', 1));
    expect(results).toMatchObject([{ met: false, deviationPct: 9.5, computed: 2190, expected: 2000, line: 2 }]);
  });

  test('an input that is known but not needed in this unit is told, not refused', () => {
    const inputs = { formula: 'M2', layers: 1, kv_heads: 1, head_dim: 1, bytes_per_element: 2, window_tokens: 9 };
    expect(run(row(inputs, 4, 'bytes')).results).toMatchObject([{ met: true, unused: ['window_tokens'] }]);
  });
});

describe('what cannot be read', () => {
  test('an unknown formula, with what was probably meant', () => {
    expect(problemsOf({ formula: 'Z9' })[0]).toMatch(/unknown formula "Z9"/);
    expect(problemsOf({ gpus: 1 })[0]).toMatch(/no `formula`/);
  });

  test('missing inputs, all of them', () => {
    expect(problemsOf({ formula: 'E1', battery_joule: 1 }, 'percent of battery')).toEqual([
      'missing `joule_per_token` or `parameters_billion` or `watts`',
    ]);
    expect(problemsOf({ formula: 'B0' }, 'percent')).toEqual(['missing `baseline_usd`', 'missing `option_usd`']);
    expect(problemsOf({ formula: 'T1', gpus: 2 }, 'USD')).toEqual(['missing `usd_per_gpu_hour` or `usd_per_hour`']);
  });

  test('two alternatives at once, one input twice, a text for a number', () => {
    expect(problemsOf({ formula: 'T1', gpus: 1, instances: 2, usd_per_hour: 3 }, 'USD')).toEqual([
      '`gpus` and `instances` are alternatives: keep one',
    ]);
    expect(problemsOf({ formula: 'T1', usd_hour: 1, usd_per_hour: 1 }, 'USD')[0]).toMatch(/are the same input/);
    expect(problemsOf({ formula: 'T1', usd_per_hour: 'three' }, 'USD')).toEqual([
      '`usd_per_hour` is "three": write a number',
    ]);
  });

  test('how cached tokens are counted is never guessed', () => {
    const cached = { formula: 'A2', input_tokens: 10, cached_input_tokens: 5, usd_per_million: 1 };
    expect(problemsOf(cached)[0]).toMatch(/missing `convention`/);
    expect(problemsOf({ ...cached, convention: 'both' })[0]).toMatch(/write input_total_includes_cached/);
    const much = { ...cached, cached_input_tokens: 50 };
    expect(problemsOf({ ...much, convention: 'input_total_includes_cached' })[0]).toMatch(/larger than the whole/);
    expect(problemsOf({ ...much, convention: 'input_is_fresh' })).toEqual([]);
  });
});

describe('units', () => {
  const per = (text: string) => {
    const { kind, size, whole, tokens, period } = readUnit(text);
    return [kind, size, whole, tokens, period];
  };
  test.each([
    ['USD/month', ['usd', 1, false, null, 'month']],
    ['USD per 1M tokens', ['usd', 1, false, 1e6, null]],
    ['KiB/token', ['bytes', 1024, false, 1, null]],
    ['GB', ['bytes', 1e9, false, null, null]],
    ['GPUs (weights only)', ['count', 1, true, null, null]],
    ['percent of battery', ['share', 0.01, false, null, null]],
    ['tokens per second', ['tokens', 1, false, null, 'second']],
    ['mJ/token', ['joules', 1e-3, false, 1, null]],
  ])('%s', (text, expected) => expect(per(text)).toEqual(expected));
});

describe('npm run cases', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-cases-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const script = fileURLToPath(new URL('../../scripts/cases.mjs', import.meta.url));
  const cases = (...rows: string[]) => {
    const file = path.join(folder, 'rows.csv');
    writeFileSync(file, [header, ...rows].join('\n'));
    return ended(file);
  };
  const ended = (...files: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...files], { encoding: 'utf8' });
    return { code: status, out: stdout, err: stderr };
  };
  const good = row({ formula: 'T1', usd_per_gpu_hour: 3 }, 2200, 'USD/month', 1);
  const wrong = row({ formula: 'T1', usd_per_gpu_hour: 3 }, 2000, 'USD/month', 1);
  const unread = row({ formula: 'T9', a: 1 }, 1, 'USD');

  test('0: all met, each with what was computed', () => {
    const { code, out, err } = ended('test/fixtures/worked-examples.csv');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/V02 +T1 +2190 +2200 +-0.455 % +ok +USD\/month/);
    expect(out).toMatch(/15 of 15 met, 0 missed, 0 not read\n$/);
  });

  test('2: rows that cannot be read, by file and line; the others are run', () => {
    const { code, out, err } = cases(good, unread, wrong, row({ formula: 'B0', baseline_usd: 1 }, 1, 'percent'));
    expect(code).toBe(2);
    expect(err).toMatch(/rows\.csv:3 {2}X1: unknown formula "T9"/);
    expect(err).toMatch(/rows\.csv:5 {2}X1: missing `option_usd`/);
    expect(out).toMatch(/1 of 4 met, 1 missed, 2 not read\n$/);
  });
});
