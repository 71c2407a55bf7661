import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { play, readSessions } from '../support/sessions.js';

const folder = 'test/fixtures/sessions';
const documents = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(documents)('%s', (name) => {
  test.each(readSessions(readFileSync(`${folder}/${name}`, 'utf8')))('$title', play);
});

describe('a session is held to all that it says', () => {
  const played = (session: string) => readSessions(`about: a test\ncases:\n  - {title: a list, ${session}}\n`);

  test.each([
    ['$: pricing list, exit: 0, out: a, oout: b', 'oout'],
    ['$: pricing list, exit: 0, out: ""', 'an empty expectation'],
    ['$: pricing list, exit: 0, json: {}', 'an empty expectation'],
    ['$: pricing list, exit: 0, json: {a: {}}', 'an empty expectation'],
    ['$: pricing list, out: a', 'an exit code'],
    ['$: pricing list, exit: 0', 'nothing is expected'],
    ['session: [{sh: "true"}]', 'a list'],
    ['session: [{$: pricing list, exit: 0, out: a}], exit: 0', 'beside its session'],
    ['exit: 0, out: a', 'an exit code'],
  ])('%s cannot be read: %s', (session, says) => {
    expect(() => played(session)).toThrow(says);
  });

  const line = '$: pricing list --as-of 2026-11-20';
  test.each([
    [`${line}, exit: 0, out: [2023-11-30, /^2025-09-30$/m, {lacks: 2022-, times: {vast: 0}, widest: 200}]`, true],
    [`${line}, exit: 2, out: 2023-11-30`, false],
    [`${line}, exit: 0, out: 2022-11-30`, false],
    [`${line}, exit: 0, out: [2023-11-30, {lacks: 2026-08-21}]`, false],
    [`${line}, exit: 0, out: {times: {2025-09-30: 7}}`, false],
    [`${line}, exit: 0, out: {widest: 20}`, false],
    [`${line}, exit: 0, err: nothing`, false],
    [`${line} -f json, exit: 0, json: {"snapshots[0].date": 2023-11-30, "snapshots[].date": {has: 2026-08-21}}`, true],
    [`${line} -f json, exit: 0, json: {"snapshots[0].date": 2023-11-31}`, false],
    [`${line} -f json, exit: 0, json: {"snapshots[0].date": {above: 1, has: 2}}`, false],
    [`${line} -f json, exit: 0, json: {"snapshots[].date": {lacks: 2026-08-21}}`, false],
    [`${line} -f json, exit: 0, json: {"snapshots[date=2023-11-30].ageDays": "~1086", nothing: [1]}`, false],
    [`${line} -f json, exit: 0, json: {"snapshots[date=2023-11-30]": {ageDays: 1085}}`, false],
    ['$: pricing lst, exit: 2, err: did you mean list', true],
    ['$: pricing lst, exit: 2, codes: [usage]', true],
    ['$: pricing lst, exit: 2, codes: [usage, usage]', false],
    ['$: pricing lst, exit: 2, out: nothing', false],
    [`${line} -o list.txt, exit: 0, wrote: {list.txt: 2026-08-21}, no file: [other.txt]`, true],
    [`${line} -o list.txt, exit: 0, wrote: {list.txt: 2022-}`, false],
    [`${line} -o list.txt, exit: 0, out: nothing, no file: [list.txt]`, false],
  ])('%s holds: %s', async (session, holds) => {
    const [one] = played(session);
    if (one === undefined) throw new Error('no session');
    await (holds ? play(one) : expect(play(one)).rejects.toThrow());
  });
});
