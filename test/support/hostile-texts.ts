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

/** Files that want something else than a decision. */
export const hostileTexts: readonly Hostile[] = [
  { what: 'an alias bomb', text: `${bomb}\n${least}` },
  { what: 'an alias that repeats itself', text: `${least}data: &a {kinds: *a}\n` },
  {
    what: 'reserved keys everywhere',
    text: `${least}__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\ndata: {__proto__: {sensitivity: pii}}\nassumptions: {__proto__: 5, constructor: 6, toString: 7}\n`,
  },
  {
    what: 'reserved keys in JSON',
    text: '{"version":1,"workload":{"volume":500,"__proto__":{"growth":5}},"tasks":[{"type":"__proto__"},{"name":"prototype","type":"constructor"},{"type":"faq-chat","__proto__":{"polluted":1}}]}',
  },
  {
    what: 'names of what every object has, where names are looked up',
    text: 'version: 1\nworkload: {volume: 500, profile: constructor}\ntasks: [{name: toString, type: faq-chat, capability: {atLeast: __proto__}}, {type: hasOwnProperty}]\npreferences: {only: [__proto__], exclude: [constructor]}\nexisting: [{accelerator: constructor, count: 2}]\nmeasured: [{model: __proto__, accelerator: toString, ofPredicted: 1}]\ntoday: {option: __proto__}\nassumptions: {valueOf: 5}\n',
  },
  {
    what: 'the same where any name may stand',
    text: 'version: 1\nname: __proto__\nworkload: {volume: 500}\ntasks: [{name: toString, type: faq-chat, share: 50%}, {name: hasOwnProperty, type: faq-chat, share: 50%}]\ntoday: {option: constructor}\npreferences: {exclude: [__proto__, toString]}\n',
  },
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
    what: 'escapes as YAML writes them',
    text: `${least}name: "\\e[2J\\e]0;gone\\a\\x9b31m\\u202Eabc\\u2066 \\0\\b\\r"\n`,
  },
  { what: 'escapes as they are', text: `${least}name: \u001b[31mred\n` },
  { what: 'C1 controls and marks that reorder', text: `${least}name: "a\u009b31m\u0085b\u202e\u2066c\u200b"\n` },
  {
    what: 'escapes wherever there are words',
    text: 'version: 1\nname: "\\e[1m"\nworkload: {volume: "\\e[2J", profile: "\\e[3m"}\ntasks: [{name: "\\e[4m", type: "\\e[5m"}, {type: faq-chat, "\\e[6m": 1, capability: {atLeast: "\\e[7m"}, data: {kinds: ["\\e[8m"], regimes: ["\\e[9m"]}}]\nassumptions: {"\\e[10m": 5}\npreferences: {only: ["\\e[11m"]}\ntoday: {option: "\\e[12m"}\nexisting: [{accelerator: "\\e[13m", count: 1}]\nmeasured: [{model: "\\e[17m", accelerator: "\\e[18m", ofPredicted: "\\e[19m"}]\ndevices: {count: 5, classes: {"\\e[14m": 1}}\nprices: {name: "\\e[15m", discounts: [{provider: "\\e[16m", percent: 5}]}\n',
  },
  {
    what: 'more requests than can be counted',
    text: 'version: 1\nworkload: {volume: 1e308}\ntasks: [{type: faq-chat}]\n',
  },
  {
    what: 'more turns than can be counted',
    text: 'version: 1\nworkload: {volume: 500, turns: 1e100}\ntasks: [{type: faq-chat}]\n',
  },
  {
    what: 'numbers that are none',
    text: 'version: 1\nworkload: {volume: 1e308, turns: .inf, growth: 1e999, horizon: 1e308, sites: 1e300, requestsPerUser: .nan}\ntasks: [{type: faq-chat, share: -0, tokens: {input: 0x7fffffff, output: 0o777, reasoning: 1e308}}]\nteam: {devops: -1, free: 1e400, yearlyCost: 2026-01-01}\nbudget: {monthly: .inf, upfront: -.inf}\n',
  },
  {
    what: 'more work than there is hardware',
    text: 'version: 1\nworkload: {volume: 1e15, turns: 1e6, horizon: 120 months, growth: 1000% per month}\ntasks: [{type: faq-chat, tokens: {input: 1e12, output: 1e12}}]\n',
  },
  {
    what: 'next to no work',
    text: 'version: 1\nworkload: {volume: 1e-99}\ntasks: [{type: faq-chat, tokens: {input: 1e-99, output: 1e-99}}]\n',
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
  {
    what: 'tags',
    text: `${least}name: !!js/function "function(){}"\nneeds: !!set {rag}\ndata: !!binary aGVsbG8=\nteam: !ruby/object:X {}\n`,
  },
  { what: 'a merge key', text: `x: &x {rag: true}\n${least}needs:\n  <<: *x\n` },
  { what: 'everything twice', text: least + least },
  { what: '200,000 documents', text: times(200_000, '---\n') + least },
  { what: '50,000 directives', text: `${times(50_000, '%YAML 1.2\n')}---\n${least}`, large: true },
  { what: 'a byte-order mark and carriage returns', text: `\uFEFF${least.replaceAll('\n', '\r\n')}` },
  { what: 'a NUL', text: `${least}\u0000` },
  { what: 'bytes that are no UTF-8', text: Buffer.from(`${least}name: Caf\u00e9\n`, 'latin1') },
  { what: 'UTF-16', text: Buffer.from(`\uFEFF${least}`, 'utf16le') },
  { what: 'dates', text: 'version: 2001-01-01\nworkload: 2001-01-01\ntasks: 2001-01-01T00:00:00Z\n' },
  { what: 'one byte too many', text: `${least}#${times(mib - least.length, ' ')}`, large: true },
];
