import { beforeAll, expect, test } from 'vitest';
import { readShippedTables } from '../../src/cli/read-tables.js';
import type { Tables } from '../../src/tables/tables.js';
import { readScenario } from '../../src/workload/read.js';
import { cliHere } from '../support/recording-io.js';
import { long } from '../support/sample.js';
import { anthropicKinds, exportsOf, madeUpCalls, randomNumbers } from '../support/usage-exports.js';

let tables: Tables;
beforeAll(async () => {
  tables = (await readShippedTables('2026-11-10')).tables as Tables;
});

const texts = [
  ...Object.entries(exportsOf(madeUpCalls(2).filter((_, at) => at % 12 === 0))),
  ...Object.entries(exportsOf(madeUpCalls(1, anthropicKinds))),
];
const numberIn = /(?<=[",: ;\t])\d+(?:\.\d+)?(?=[",}\] ;\t\n])/g;

type Mutation = (text: string, random: () => number) => string;
/** A number of the text, here or there, as another one. */
const withNumber =
  (other: string): Mutation =>
  (text, random) =>
    text.replaceAll(numberIn, (found) => (random() < 0.1 ? other : found));
const mutations: Record<string, Mutation> = {
  truncated: (text, random) => text.slice(0, Math.floor(text.length * random())),
  're-ordered': (text, random) => {
    const [head = '', ...lines] = text.split('\n');
    return [head, ...lines.sort(() => random() - 0.5)].join('\n');
  },
  'with a byte-order mark': (text) => `\uFEFF${text}`,
  'with other line ends': (text) => text.replaceAll('\n', '\r\n'),
  'with a large cell': (text, random) => {
    const at = text.indexOf('gpt', Math.floor(text.length * random()));
    return at < 0 ? text : `${text.slice(0, at)}${'x'.repeat(1024 * 1024)}${text.slice(at)}`;
  },
  nested: (text) => `${'['.repeat(10_000)}${text}${']'.repeat(10_000)}`,
  'nested in data': (text) => `${'{"data":['.repeat(3000)}${text}${']}'.repeat(3000)}`,
  'with negative figures': withNumber('-7'),
  'with huge figures': withNumber('1e300'),
  'with words for figures': withNumber('NaN'),
  'in 1970': withNumber('1970-01-01'),
  'in 2100': (text) => text.replaceAll('2026-10', '2100-10').replaceAll(/\b179\d{7}\b/g, '4115000000'),
  'with a quote': (text, random) => {
    const at = Math.floor(text.length * random());
    return `${text.slice(0, at)}"${text.slice(at)}`;
  },
  'without a letter': (text, random) => {
    const at = Math.floor(text.length * random());
    return text.slice(0, at) + text.slice(at + 1);
  },
  'twice in one file': (text) => text + text,
  'with hostile names': (text) => text.replaceAll(/faq|proj_faq/g, () => 'a: [x]\\n# \\u001b[2J"\\\'{}%&*!|>'),
};

const cases = Object.keys(mutations).flatMap((mutation, row) =>
  texts.map(([name, { text }], column) => ({ mutation, name, text, seed: 1 + row * 100 + column })),
);
// Each mutation on a few of the exports, each export under a few of the mutations.
const chosen = long ? cases : cases.filter((_, at) => at % 3 === 0);

test.each(chosen)(
  '$name, $mutation: a scenario that can be read, or what is wrong',
  async ({ mutation, text, seed }) => {
    const input = mutations[mutation]?.(text, randomNumbers(seed)) ?? '';
    const dated = ['--pricing', '2026-11-10', '--as-of', '2026-11-10'];
    const { code, out, err } = await cliHere(['import', '-', '--calls', '100/day', ...dated], { input });
    expect([0, 2]).toContain(code);
    expect(err).not.toMatch(/\n\s+at |internal error/);
    if (code === 2) expect({ out, err: err.includes('error') }).toEqual({ out: '', err: true });
    else {
      const { problems } = readScenario(out, { file: 'imported.yaml', tables, asOf: '2026-11-10' });
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    }
  },
);
