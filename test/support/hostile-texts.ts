import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The smallest scenario. */
export const least = 'version: 1\nworkload: {volume: 500}\ntasks: [{type: faq-chat}]\n';

const times = (count: number, text: string): string => text.repeat(count);
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`),
].join('\n');
const mib = 1024 * 1024;

/** `large`: takes a second to read, since it is about as large as a file may be. */
type Hostile = { what: string; text: string | Buffer; large?: true };

const texts: Record<string, string> = parse(readFileSync('test/fixtures/hostile-scenarios.yaml', 'utf8'));

/** Files that want something else than a decision. */
export const hostileTexts: readonly Hostile[] = [
  ...Object.entries(texts).map(([what, text]) => ({ what, text })),
  { what: 'an alias bomb', text: `${bomb}\n${least}` },
  {
    what: 'a million tasks',
    text: `version: 1\nworkload: {volume: 500}\ntasks:\n${times(1e6, '- {type: faq-chat}\n')}`,
  },
  {
    what: 'as many tasks as fit',
    text: `version: 1\nworkload: {volume: 500}\ntasks: [${times(500_000, 'x,')}]`,
    large: true,
  },
  {
    what: 'tasks that are nothing',
    text: `version: 1\nworkload: {volume: 500}\ntasks:\n${times(300_000, '-\n')}`,
    large: true,
  },
  {
    what: 'hours near the largest number',
    text: `version: 1\nworkload: {volume: 500, profile: [${Array(168).fill('1e308').join()}]}\ntasks: [{type: faq-chat}]\n`,
  },
  { what: 'a number of 900,000 digits', text: least.replace('500', times(900_000, '9')) },
  { what: 'a range of 200,000 ends', text: least.replace('500', `"${times(200_000, '1..')}2"`) },
  { what: 'blanks before a number', text: least.replace('500', `"${times(400_000, ' ')}5"`) },
  { what: 'a name of 900,000 letters', text: `${least}name: ${times(900_000, 'x')}\n` },
  { what: 'a key of 900,000 letters', text: `${times(900_000, 'k')}: 1\n${least}` },
  { what: 'an anchor of 900,000 letters', text: `${least}name: &${times(900_000, 'a')} x\n` },
  { what: 'a comment of 900,000 letters', text: `${least}# ${times(900_000, 'x')}\n` },
  { what: 'nothing but quotes', text: `name: ${times(900_001, '"')}\n`, large: true },
  {
    what: '60,000 ranges',
    text: `${least}assumptions: {${Array.from({ length: 50_000 }, (_, i) => `a${i}: 1..${i + 2}`).join()}}\n`,
    large: true,
  },
  {
    what: '50,000 unknown keys',
    text: least + Array.from({ length: 50_000 }, (_, i) => `key${i}: 1\n`).join(''),
    large: true,
  },
  { what: '60,000 times the same key', text: least + times(60_000, 'name: x\n'), large: true },
  { what: 'lists in lists', text: `a: ${times(100_000, '[')}${times(100_000, ']')}\n`, large: true },
  { what: 'maps in maps', text: `a: ${times(100_000, '{a: ')}\n`, large: true },
  { what: 'lists in lists, line by line', text: `${times(300_000, '- ')}x\n`, large: true },
  { what: 'lists in lists as JSON', text: `${times(100_000, '[')}${times(100_000, ']')}`, large: true },
  { what: 'everything twice', text: least + least },
  { what: '200,000 documents', text: times(200_000, '---\n') + least },
  { what: '50,000 directives', text: `${times(50_000, '%YAML 1.2\n')}---\n${least}`, large: true },
  { what: 'a byte-order mark and carriage returns', text: `\uFEFF${least.replaceAll('\n', '\r\n')}` },
  { what: 'bytes that are no UTF-8', text: Buffer.from(`${least}name: Caf\u00e9\n`, 'latin1') },
  { what: 'UTF-16', text: Buffer.from(`\uFEFF${least}`, 'utf16le') },
  { what: 'one byte too many', text: `${least}#${times(mib - least.length, ' ')}`, large: true },
];
