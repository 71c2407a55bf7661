import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const scenario = 'scenarios/five-guides.yaml';
const day = ['--as-of', '2026-11-20'];

test('answers change what a guide says, in JSON too; where one disagrees the best plan on its places is told', async () => {
  const answers = ['G003.stage=mvp', 'G003.requestsPerMonth=30k', 'G001.sensitivity=regulated'];
  const given = [...answers, 'G001.sensitiveShare=100%'].flatMap((text) => ['--answer', text]);
  const { code, out, err } = await cliHere(['guides', scenario, ...day, '-f', 'json', ...given]);
  expect([code, err]).toEqual([0, '']);
  const { agreeing, guides } = JSON.parse(out) as {
    agreeing: number;
    guides: { agrees: boolean; verdict: string[]; unknown: string[]; there: { kind: string } | null }[];
  };
  expect(agreeing).toBe(4);
  expect(guides[1]).toMatchObject({ agrees: false, verdict: ['on-prem', 'edge'] });
  expect(['on-prem', 'edge']).toContain(guides[1]?.there?.kind);
  expect(guides[3]).toMatchObject({ agrees: true, verdict: ['cloud-api'], there: null });
});

test('where nothing meets the rules the guides are still shown, and the exit code says so', async () => {
  const { code, out, err } = await cliHere(['guides', 'scenarios/device-case-files.yaml', ...day]);
  expect([code, err]).toEqual([3, '']);
  expect(out).toMatch(/^PLAN {2}nothing meets the rules\n {6}0 of 5 rules of thumb agree/m);
  expect(out).toMatch(/but on-device here: excluded: \w/);
});

test.each([
  ['G009.stage=mvp', 1, 'there is no guide "G009"', /^did you mean `G000`/],
  ['G003.stage=mvq', 12, '"mvq" is no value of G003.stage', /^did you mean `mvp`/],
  ['G003.people=many', 13, '"many" is no value of G003.people', /^write a number/],
])('%s is refused at column %i', async (text, column, message, suggestion) => {
  const { code, err, out } = await cliHere(['guides', scenario, '-f', 'json', '--answer', text]);
  expect([code, err]).toEqual([2, '']);
  const { errors } = JSON.parse(out) as { errors: object[] };
  const hint = expect.stringMatching(suggestion);
  expect(errors).toMatchObject([{ code: 'bad-answer', file: '--answer', line: 1, column, message, suggestion: hint }]);
});

test('a folder with guides of one’s own is asked, and checked with line and column', async () => {
  const folder = newFolder();
  for (const name of ['api.csv', 'rental.csv', 'hosting.csv'])
    cpSync(join(root, 'pricing/2026-08-21', name), join(folder, name));
  const manifest = readFileSync(join(root, 'pricing/2026-08-21/snapshot.yaml'), 'utf8');
  writeFileSync(join(folder, 'snapshot.yaml'), manifest.slice(0, manifest.indexOf('files:')));
  const [header, ...rows] = readFileSync(join(root, 'pricing/catalog/guides.csv'), 'utf8').trimEnd().split('\n');
  const own = [header, ...rows.filter((row) => row.startsWith('G001'))].join('\n');
  const file = join(folder, 'guides.csv');
  writeFileSync(file, own);
  const asked = await cliHere(['guides', scenario, ...day, '--pricing', folder, '-f', 'json']);
  expect((JSON.parse(asked.out) as { guides: { id: string }[] }).guides.map(({ id }) => id)).toEqual(['G001']);
  const bad = own
    .replace('ttftP95Ms < 100', 'latency < 100')
    .replace('launchWeeks <= 4', 'launchWeeks under 4')
    .replace('privateCloud = yes', 'privateCloud = maybe')
    .replace('managed-hosting', 'managed-hostin');
  writeFileSync(file, bad.replace(/only,(.*)on-prem;edge/, 'only,$1on-prem;edges'));
  const { code, err } = await cliHere(['pricing', 'validate', folder]);
  expect(code).toBe(2);
  expect(err).toMatch(/guides\.csv:\d+:\d+ {2}error {2}unknown-reference {2}when: "latency" is no name/);
  expect(err).toMatch(/guides\.csv:\d+:\d+ {2}error {2}unknown-reference {2}when: "maybe" is none of yes, no/);
  expect(err).toMatch(/guides\.csv:\d+:\d+ {2}error {2}unknown-reference {2}places: "edges" is no name/);
  expect(err).toMatch(/guides\.csv:\d+:\d+ {2}error {2}bad-condition {2}when: "launchWeeks under 4"/);
});
