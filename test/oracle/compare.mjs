/**
 * `node test/oracle/compare.mjs <oracle.jsonl> <new.jsonl> [--show 3] [--section name] [--only text] [--lines 8]`: how two
 * dumps of the same corpus differ, by section of the digest. Numbers are the same within a relative 1e-9; texts, with the
 * figures in them, must be the same letter by letter. The exit code is 1 where anything differs.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const tolerance = 1e-9;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    show: { type: 'string', default: '3' },
    section: { type: 'string' },
    only: { type: 'string', default: '' },
    lines: { type: 'string', default: '8' },
  },
});
if (positionals.length !== 2) {
  console.error('node test/oracle/compare.mjs <oracle.jsonl> <new.jsonl>');
  process.exit(2);
}
const [before, after] = positionals.map(read);

/** A run that was cut off may leave half a line. */
function read(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const parsed = lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line)];
    } catch (error) {
      if (index === lines.length - 1) return [];
      throw new Error(`${file}, line ${index + 1}: ${error.message}`);
    }
  });
  return new Map(parsed.map((line) => [line.case, line]));
}

/** What tells the rows of a list apart, so that a row too many does not make all after it differ. */
const keysOf = [
  ['option', 'task', 'gate'],
  ['part', 'task'],
  ['a', 'b', 'axis'],
  ['table', 'row', 'figure'],
  ...[
    ['parameter', 'direction'],
    ['id'],
    ['kind'],
    ['month'],
    ['code', 'message'],
    ['item'],
    ['path'],
    ['plan', 'from'],
  ],
  ...[['plan'], ['gate', 'task'], ['when']],
];
function keyed(list) {
  const seen = new Map();
  const rows = new Map();
  for (const row of list) {
    const fields =
      typeof row === 'object' && row !== null ? keysOf.find((all) => all.every((key) => key in row)) : null;
    const base = fields ? fields.map((key) => row[key]).join(' ') : JSON.stringify(row);
    const times = seen.get(base) ?? 0;
    seen.set(base, times + 1);
    rows.set(times === 0 ? base : `${base} (${times + 1})`, row);
  }
  return rows;
}

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a, b) => Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

/** Lines of what differs between two values. */
function differences(a, b, at = '') {
  if (typeof a === 'number' && typeof b === 'number') return same(a, b) ? [] : [`${at}: ${a} → ${b}${percent(a, b)}`];
  if (Array.isArray(a) && Array.isArray(b)) return ofLists(a, b, at);
  if (isMap(a) && isMap(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) => differences(a[key], b[key], at === '' ? key : `${at}.${key}`));
  }
  return a === b ? [] : [`${at}: ${shown(a)} → ${shown(b)}`];
}

function ofLists(a, b, at) {
  if ([...a, ...b].every((one) => typeof one === 'number')) {
    if (a.length !== b.length) return [`${at}: ${shown(a)} → ${shown(b)}`];
    return a.flatMap((one, index) => differences(one, b[index], `${at}[${index}]`));
  }
  const [old, now] = [keyed(a), keyed(b)];
  const kept = [...old.keys()].filter((key) => now.has(key));
  const moved = [...now.keys()].filter((key) => old.has(key)).some((key, index) => key !== kept[index]);
  return [
    ...[...old].flatMap(([key, row]) =>
      now.has(key) ? differences(row, now.get(key), `${at}[${key}]`) : [`${at} − ${shown(row)}`],
    ),
    ...[...now].flatMap(([key, row]) => (old.has(key) ? [] : [`${at} + ${shown(row)}`])),
    ...(moved ? [`${at}: in another order`] : []),
  ];
}

const shown = (value) => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
};
const percent = (a, b) =>
  a === 0 ? '' : ` (${b > a ? '+' : ''}${Number((((b - a) / Math.abs(a)) * 100).toPrecision(3))} %)`;

/** How a case ended, where that is no decision. */
const endOf = ({ timeout, failed, refused, digest }) => {
  if (timeout) return 'timeout';
  if (failed !== undefined) return `failed: ${failed}`;
  if (refused !== undefined) return `refused: ${refused.join('; ')}`;
  return digest ? 'decided' : 'nothing';
};

const show = Number(values.show);
const mostLines = Number(values.lines);
const sections = new Map();
const ended = { equal: 0, different: 0, left: 0 };
const costs = [];
const cpu = { before: 0, after: 0, ratios: [] };
let missing = 0;
let otherInput = 0;

function note(section, name, lines) {
  const found = sections.get(section) ?? { equal: 0, different: 0 };
  sections.set(section, found);
  if (lines.length === 0) found.equal++;
  else {
    found.different++;
    const asked = values.section === undefined ? section !== 'whole' : section === values.section;
    if (!asked || found.different > show) return;
    console.log(`${section}  ${name}`);
    for (const line of lines.slice(0, mostLines)) console.log(`    ${line}`);
    if (lines.length > mostLines) console.log(`    and ${lines.length - mostLines} more`);
  }
}

for (const [name, old] of before) {
  if (!name.includes(values.only)) continue;
  const now = after.get(name);
  if (now === undefined) {
    missing++;
    continue;
  }
  if (old.input !== undefined && now.input !== undefined && old.input !== now.input) otherInput++;
  const [from, to] = [endOf(old), endOf(now)];
  if (old.digest === undefined || now.digest === undefined) {
    // An oracle that did not come to an end cannot say what is right.
    if (from === to) ended.equal++;
    else if (from === 'timeout' || from.startsWith('failed')) ended.left++;
    else ended.different++;
    if (from !== to && (values.section ?? 'end') === 'end' && ended.left + ended.different <= Math.max(show, 20))
      console.log(`end  ${name}: ${from.slice(0, 160)} → ${to.slice(0, 160)}`);
    continue;
  }
  cpu.before += old.cpuMs;
  cpu.after += now.cpuMs;
  cpu.ratios.push({ name, before: old.cpuMs, after: now.cpuMs });
  for (const section of new Set([...Object.keys(old.digest), ...Object.keys(now.digest)]))
    note(section, name, differences(old.digest[section], now.digest[section]));
  const [a, b] = [old.digest.plan.monthlyCost, now.digest.plan.monthlyCost];
  if (typeof a === 'number' && typeof b === 'number' && !same(a, b)) costs.push({ name, by: (b - a) / a });
}

const cases = cpu.ratios.length;
const added = [...after.keys()].filter((name) => !before.has(name)).length;
console.log(`\n${'section'.padEnd(14)}${'equal'.padStart(8)}${'different'.padStart(11)}`);
for (const [section, { equal, different }] of sections)
  console.log(`${section.padEnd(14)}${String(equal).padStart(8)}${String(different).padStart(11)}`);
console.log(`\n${cases} cases decided by both, ${ended.equal} ended alike without a decision`);
if (ended.different > 0) console.log(`${ended.different} ended otherwise`);
if (ended.left > 0)
  console.log(`${ended.left} that the oracle did not decide ended otherwise (not counted as different)`);
if (missing + added > 0) console.log(`${missing} only in the first dump, ${added} only in the second`);
if (otherInput > 0) console.log(`${otherInput} cases were other scenarios: the dumps are of different corpora`);
if (costs.length > 0) {
  costs.sort((a, b) => a.by - b.by);
  const text = ({ name, by }) => `${name} ${(by * 100).toFixed(4)} %`;
  const cheaper = costs.filter(({ by }) => by < 0).length;
  console.log(`plans that cost otherwise: ${cheaper} less, ${costs.length - cheaper} more`);
  console.log(`    from ${text(costs[0])} to ${text(costs.at(-1))}`);
}
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const ratio = cpu.after === 0 ? '' : `, ${(cpu.before / cpu.after).toFixed(2)} times as fast`;
console.log(`CPU ${seconds(cpu.before)} → ${seconds(cpu.after)}${ratio}`);
const slowest = cpu.ratios.toSorted((a, b) => b.after - a.after).slice(0, 3);
for (const one of slowest) console.log(`    slowest: ${one.name} ${seconds(one.before)} → ${seconds(one.after)}`);

const different = [...sections].some(([section, found]) => section !== 'whole' && found.different > 0);
process.exitCode = different || ended.different > 0 || otherInput > 0 ? 1 : 0;
