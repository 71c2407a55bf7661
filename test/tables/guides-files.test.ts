import { expect, test } from 'vitest';
import { evaluate, type Value } from '../../src/analyses/guides/consult.js';
import { type NameKind, readExpression } from '../../src/tables/guides/expression.js';
import { readGuides } from '../../src/tables/guides/read-guides.js';
import { loadTables } from '../../src/tables/load.js';
import { shippedFiles } from '../support/load.js';

const scope = new Map<string, NameKind>([
  ['a', { is: 'flag' }],
  ['b', { is: 'flag' }],
  ['c', { is: 'flag' }],
  ['n', { is: 'number' }],
  ['m', { is: 'number' }],
  ['team', { is: 'word', values: ['none', 'small'] }],
  ['type', { is: 'word', values: null }],
]);

/** The value of a condition and the names it hangs on. */
function asked(text: string, values: Record<string, Value>): { value: boolean | null; missing: string[] } {
  const read = readExpression(text, scope);
  if ('mistake' in read) throw new Error(read.mistake.message);
  const missing = new Set<string>();
  return { value: evaluate(read.expression, new Map(Object.entries(values)), missing), missing: [...missing] };
}

test('not binds closer than and, and closer than or: every value of three flags', () => {
  const bools = [true, false];
  for (const a of bools)
    for (const b of bools)
      for (const c of bools) {
        const of = (text: string) => asked(text, { a, b, c }).value;
        expect(of('a or b and c')).toBe(a || (b && c));
        expect(of('(a or b) and c')).toBe((a || b) && c);
        expect(of('a and b or c')).toBe((a && b) || c);
        expect(of('not a and b')).toBe(!a && b);
        expect(of('not (a and b)')).toBe(!(a && b));
        expect(of('not not a or not b')).toBe(a || !b);
        expect(of('a and (b or (not c))')).toBe(a && (b || !c));
      }
});

test.each<[string, Record<string, Value>, boolean]>([
  ['n < 5', { n: 5 }, false],
  ['n <= 5', { n: 5 }, true],
  ['n > 5', { n: 5 }, false],
  ['n >= 5', { n: 5 }, true],
  ['n == 5', { n: 5 }, true],
  ['5 == n', { n: 5.5 }, false],
  ['n < 0.25', { n: 0.2 }, true],
  ['n < m', { n: 1, m: 2 }, true],
  ['1 <= n < 3', { n: 1 }, true],
  ['1 <= n < 3', { n: 3 }, false],
  ['1 <= n < m < 9', { n: 1, m: 9 }, false],
  ['not n < 5', { n: 4 }, false],
  ['team == small', { team: 'small' }, true],
  ['small == team', { team: 'none' }, false],
  ['type == ocr-and-image-questions', { type: 'ocr-and-image-questions' }, true],
  ['a and n<5 and team==none', { a: true, n: 4, team: 'none' }, true],
])('%s with %o is %s', (text, values, value) => {
  expect(asked(text, values)).toEqual({ value, missing: [] });
});

test.each<[string, Record<string, Value>, boolean | null, string[]]>([
  ['a', {}, null, ['a']],
  ['not a', {}, null, ['a']],
  ['n < 5', {}, null, ['n']],
  ['a and n < 5', { a: false }, false, []],
  ['a and n < 5', { n: 9 }, false, []],
  ['a and n < 5', { a: true }, null, ['n']],
  ['a or n < 5', { n: 4 }, true, []],
  ['a or n < 5', { a: false }, null, ['n']],
  ['a or b or c', { b: false }, null, ['a', 'c']],
  ['(a or b) and c', { c: false }, false, []],
  ['1 < n < 5', {}, null, ['n']],
])('%s with %o missing the rest is %s for want of %o', (text, values, value, missing) => {
  expect(asked(text, values)).toEqual({ value, missing });
});

test.each([
  ['a b', 2, '"b" is not expected here'],
  ['a and', 5, 'the condition ends too early'],
  ['(a or b', 7, 'a bracket is not closed'],
  ['a)', 1, '")" is not expected here'],
  ['and a', 0, '"and" is not expected here'],
  ['', 0, 'the condition ends too early'],
  ['n + 1 < 2', 2, '"+" is not understood'],
  ['n = 5', 2, '"=" is not understood'],
  ['n < 5k', 4, '"5k" is not understood'],
  ['n', 0, '"n" is a number, no condition'],
  ['5', 0, '"5" is a number, no condition'],
  ['team', 0, '"team" is a word, no condition'],
  ['a < 5', 0, '"a" is true or false, not a number'],
  ['a or d', 5, '"d" is no name here'],
  ['team == big', 8, '"big" is not among the values of team'],
  ['team < small', 0, 'words are compared with == only'],
  ['team == 5', 8, '"5" is not among the values of team'],
])('"%s" is refused at %i: %s', (text, at, message) => {
  expect(readExpression(text, scope)).toMatchObject({ mistake: { at, message } });
});

const files = shippedFiles().filter(({ file }) => file.includes('/guides/'));
const g = 'pricing/catalog/guides/G002.yaml';

/** Problems of the shipped guides with a text replaced once in one of them. */
function found(name: string, from: string, to: string): string[] {
  const changed = files.map(({ file, text }) => {
    if (!file.endsWith(name)) return { file, text };
    expect(text).toContain(from);
    return { file, text: text.replace(from, to) };
  });
  return readGuides(changed).problems.map(
    ({ file, line, column, message, suggestion }) =>
      `${file}:${line}:${column} ${message}${suggestion === null ? '' : ` = ${suggestion}`}`,
  );
}

/** Line and column of a text in a shipped guide, `within` characters on. */
function place(name: string, text: string, within = 0): string {
  const file = files.find((one) => one.file.endsWith(name));
  const at = (file?.text.indexOf(text) ?? 0) + within;
  const before = file?.text.slice(0, at).split('\n') ?? [];
  return `${file?.file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

test('the shipped guides have no problem', () => {
  const { book, problems } = readGuides(files);
  expect(problems).toEqual([]);
  expect(book.guides).toHaveLength(5);
});

test.each<[what: string, name: string, from: string, to: string, at: [text: string, within: number], message: string]>([
  [
    'a misspelt name',
    'G002.yaml',
    'when: requests_day < 50000',
    'when: request_day < 50000',
    ['when: requests_day < 50000', 6],
    'rules.5.when: "request_day" is no name here = did you mean `requests_day`?',
  ],
  [
    'a later rule',
    'G000.yaml',
    'when: offline or latency_ms < 50',
    'when: F1b or latency_ms < 50',
    ['when: offline or', 6],
    'rules.0.when: "F1b" is no name here',
  ],
  [
    'a place there is none of',
    'G001.yaml',
    'near: [on-prem, edge]',
    'near: [on-prem, edges]',
    ['near: [on-prem, edge]', 16],
    'sets.near.1: "edges" is no place = did you mean `edge`?',
  ],
  [
    'a set there is none of',
    'G001.yaml',
    'vote: [own-machines], about',
    'vote: [own-machine], about',
    ['vote: [own-machines], about', 7],
    'vote.0: "own-machine" is no place = did you mean `own-machines`?',
  ],
  [
    'a key there is none of',
    'G004.yaml',
    'per_task: true',
    'pertask: true',
    ['per_task: true', 0],
    'pertask: no such key = did you mean `per_task`?',
  ],
  ['a bad theme', 'G002.yaml', 'about: team', 'about: teams', ['about: team', 7], 'about: Invalid option'],
  [
    'an unknown score',
    'G003.yaml',
    'points: hybrid',
    'points: mixed',
    ['points: hybrid', 8],
    'points: "mixed" is no score',
  ],
  [
    'a set that only every object has',
    'G001.yaml',
    'vote: [own-machines], about',
    'vote: [constructor], about',
    ['vote: [own-machines], about', 7],
    'vote.0: "constructor" is no place',
  ],
  [
    'a score that only every object has',
    'G003.yaml',
    'points: hybrid',
    'points: toString',
    ['points: hybrid', 8],
    'points: "toString" is no score',
  ],
  [
    'a default of another kind',
    'G003.yaml',
    'default: growth',
    'default: grown',
    ['default: growth', 9],
    'inputs.stage.default: is no value of stage',
  ],
  [
    'an unknown fact',
    'G003.yaml',
    'from: requests_month',
    'from: requests_year',
    ['from: requests_month', 6],
    'inputs.requests_month.from: "requests_year" is no fact that is a number',
  ],
  [
    'a word that is no value',
    'G000.yaml',
    '- {value: small, when: staffed}',
    '- {value: smal, when: staffed}',
    ['value: small', 7],
    'inputs.team.from.1.value: "smal" is no value of team = did you mean `small`?',
  ],
  [
    'a border that no rule has',
    'G000.yaml',
    'input: latency_ms, at: 50',
    'input: latency_ms, at: 60',
    ['input: latency_ms, at: 50', 23],
    'borders.0.at: no rule compares latency_ms with 60',
  ],
  [
    'a topic there is none of',
    'G000.yaml',
    'topic: volume',
    'topic: volum',
    ['topic: volume', 7],
    'borders.1.topic: "volum" is no topic = did you mean `volume`?',
  ],
  [
    'a stance on no input',
    'G004.yaml',
    'given: {sensitive: true}',
    'given: {sensitiv: true}',
    ['given: {sensitive: true}', 18],
    'stances.0.given.sensitiv: "sensitiv" is no input = did you mean `sensitive`?',
  ],
  [
    'a rule without effect',
    'G001.yaml',
    'vote: [managed-hosting], about: load',
    'about: load',
    ['{id: R4', 0],
    'rules.4: a rule has gate, vote or adds',
  ],
  [
    'a rule called twice the same',
    'G001.yaml',
    'id: R4',
    'id: R3',
    ['id: R4', 4],
    'rules.4.id: "R3" is a name already',
  ],
  [
    'a derived name that is no name',
    'shared.yaml',
    'spiky: peak_to_mean',
    'spiky: peak_to_meen',
    ['spiky: peak_to_mean', 7],
    'derived.spiky: "peak_to_meen" is no name here = did you mean `peak_to_mean`?',
  ],
])('%s is refused where it stands', (_, name, from, to, [text, within], message) => {
  const [first = ''] = found(name, from, to);
  expect(first).toContain(place(name, text, 0).split(':')[0] ?? '');
  expect(first.startsWith(`${place(name, text, within)} `), `${first} at ${place(name, text, within)}`).toBe(true);
  expect(first).toContain(message);
});

test('all problems are told at once, and those of YAML itself', () => {
  const [first, second] = [
    files.find(({ file }) => file === g),
    files.find(({ file }) => file.endsWith('shared.yaml')),
  ];
  if (first === undefined || second === undefined) throw new Error('no files');
  const twice = first.text.replace('offline, gate', 'offlin, gate').replace('when: rapid', 'when: rapids');
  expect(readGuides([{ file: g, text: twice }, second]).problems.map(({ message }) => message.split(':')[0])).toEqual([
    'rules.2.when',
    'rules.7.when',
  ]);
  expect(readGuides([{ file: g, text: 'id: [' }, second]).problems).toMatchObject([
    { code: 'bad-yaml', file: g, line: 1 },
  ]);
  // Told once: the library would say where in its words, and warn of keys by itself.
  const said = (text: string) =>
    readGuides([{ file: g, text }, second]).problems.map(({ line, column, message }) => ({ line, column, message }));
  expect(said('id: 1\nid: 2\n')).toEqual([{ line: 2, column: 1, message: 'Map keys must be unique' }]);
  expect(said('id: 1\n[a, b]: 2\n')).toEqual([{ line: 2, column: 1, message: 'a key is plain text' }]);
  expect(readGuides([first]).problems).toMatchObject([
    { code: 'missing-file', file: 'pricing/catalog/guides/shared.yaml' },
  ]);
  expect(readGuides([first, { ...first, file: first.file.replace('G002', 'G009') }, second]).problems).toMatchObject([
    {
      code: 'duplicate-key',
      message: 'id: guide G002 stands in pricing/catalog/guides/G002.yaml too',
      file: 'pricing/catalog/guides/G009.yaml',
      line: first.text.split('\n').findIndex((line) => line.startsWith('id: ')) + 1,
    },
  ]);
});

test('tables with a bad guide are refused, and the hash of the tables covers the guides', () => {
  const all = shippedFiles();
  const broken = all.map(({ file, text }) => ({
    file,
    text: file === g ? text.replace('offline, gate', 'offlin, gate') : text,
  }));
  const { tables, problems } = loadTables(broken);
  expect(tables).toBeNull();
  expect(problems).toMatchObject([{ code: 'bad-condition', file: g, severity: 'error' }]);
  const other = all.map(({ file, text }) => ({
    file,
    text: file === g ? text.replace('50,000 requests', '50,000 calls') : text,
  }));
  const hash = (list: typeof all) => loadTables(list).tables?.snapshot.sha256;
  expect(hash(other)).toMatch(/^[0-9a-f]{64}$/);
  expect(hash(other)).not.toBe(hash(all));
});

test('guides of one’s own replace the shipped ones whole; without any those stay', () => {
  const all = shippedFiles();
  const whole = loadTables(all);
  if (whole.tables === null || whole.prose === null) throw new Error('not loaded');
  const base = { tables: whole.tables, prose: whole.prose };
  const snapshot = all.filter(({ file }) => file.startsWith('pricing/2026'));
  expect(loadTables(snapshot, base).tables?.guides).toBe(base.tables.guides);
  const one = files
    .filter(({ file }) => /G004|shared/.test(file))
    .map(({ file, text }) => ({
      file: file.replace('pricing/catalog', 'mine'),
      text: text.replace('id: G004', 'id: mine'),
    }));
  const own = loadTables([...snapshot, ...one], base).tables?.guides.guides ?? [];
  expect(own.map(({ id, file }) => [id, file])).toEqual([['mine', 'mine/guides/G004.yaml']]);
});
