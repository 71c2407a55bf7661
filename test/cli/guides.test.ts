import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GuidesAnswer } from '../../src/analyses/guides/answer.js';
import { columns } from '../../src/report/wrap.js';
import { cli, root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';

const slow = 60_000;
const scenario = 'scenarios/five-guides.yaml';
const day = ['--as-of', '2026-11-20'];

test(
  'guides prints their verdicts beside the decision, within 80 columns',
  async () => {
    const { code, out, err } = cli(['guides', scenario, ...day]);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').filter((line) => columns(line) > 80)).toEqual([]);
    await expect(out).toMatchFileSnapshot('../golden/guides/five-guides.txt');
    expect(out).toMatch(/5 of 5 rules of thumb agree/);
  },
  slow,
);

test(
  'answers change what a guide says; JSON has every figure as a number',
  async () => {
    const { code, out, err } = await cliHere([
      'guides',
      scenario,
      ...day,
      '-f',
      'json',
      '--answer',
      'G003.stage=mvp',
      '--answer',
      'G002.rapid=true',
    ]);
    expect([code, err]).toEqual([0, '']);
    const answer = JSON.parse(out) as GuidesAnswer;
    expect(Object.keys(answer)).toEqual([
      'schemaVersion',
      'tool',
      'scenario',
      'tables',
      'engine',
      'agreeing',
      'guides',
      'conflicts',
    ]);
    expect(answer.guides[2]).toMatchObject({ id: 'G002', points: 2 });
    expect(answer.guides[3]?.unknown).not.toContain('stage');
    for (const { settledBy } of answer.guides)
      for (const { figure, here, there } of settledBy.filter((one) => one.figure === 'monthlyCost'))
        expect([figure, typeof here, typeof there]).toEqual(['monthlyCost', 'number', 'number']);
  },
  slow,
);

test(
  'where nothing meets the rules the guides are still shown, and the exit code says so',
  async () => {
    const { code, out, err } = await cliHere(['guides', 'scenarios/device-case-files.yaml', ...day]);
    expect([code, err]).toEqual([3, '']);
    expect(out).toMatch(/^PLAN {2}nothing meets the rules\n {6}0 of 5 rules of thumb agree/m);
    expect(out).toContain('but on-device here: no, ');
  },
  slow,
);

test(
  'a bad answer is a mistake of usage, told with what may have been meant',
  async () => {
    const { code, out, err } = await cliHere([
      'guides',
      scenario,
      '--answer',
      'G003.stagge=mvp',
      '--answer',
      'G006.a=b',
    ]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--answer:1:6  error  bad-answer  G003 has no input "stagge"');
    expect(err).toContain('did you mean `stage`?');
    expect(err).toContain('there is no guide "G006"');
    const plain = await cliHere(['guides', scenario, '--answer', 'stage']);
    expect([plain.code, plain.out]).toEqual([2, '']);
    expect(plain.err).toContain('GUIDE.input=value');
    const asJson = await cliHere(['guides', scenario, '-f', 'json', '--answer', 'G003.stage=mvq']);
    expect([asJson.code, asJson.err]).toEqual([2, '']);
    expect(JSON.parse(asJson.out)).toMatchObject({ errors: [{ code: 'bad-answer', line: 1, column: 12 }] });
  },
  slow,
);

test(
  'a folder with guides of one’s own is asked, and checked',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-advisor-guides-'));
    for (const name of ['api.csv', 'rental.csv', 'hosting.csv'])
      cpSync(join(root, 'pricing/2026-08-21', name), join(folder, name));
    const manifest = readFileSync(join(root, 'pricing/2026-08-21/snapshot.yaml'), 'utf8');
    writeFileSync(join(folder, 'snapshot.yaml'), manifest.slice(0, manifest.indexOf('files:')));
    mkdirSync(join(folder, 'guides'));
    for (const name of ['shared.yaml', 'G001.yaml'])
      cpSync(join(root, 'pricing/catalog/guides', name), join(folder, 'guides', name));
    const asked = await cliHere(['guides', scenario, ...day, '--pricing', folder, '-f', 'json']);
    expect((JSON.parse(asked.out) as GuidesAnswer).guides.map(({ id }) => id)).toEqual(['G001']);
    expect(await cliHere(['pricing', 'validate', folder])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ guides\/ +1\n/),
    });
    const file = join(folder, 'guides', 'G001.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('latency_ms < 100', 'latency < 100'));
    const checked = await cliHere(['pricing', 'validate', folder]);
    expect([checked.code, checked.out]).toEqual([2, '']);
    expect(checked.err).toMatch(
      /guides\/G001\.yaml:\d+:\d+ {2}error {2}bad-condition {2}rules\.0\.when: "latency" is no name here/,
    );
  },
  slow,
);
