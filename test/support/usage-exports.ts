import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { madeOnce } from '../../src/units/memo.js';
import { usageReader } from '../../src/usage/load.js';
import { type Settings, type Usage, usageSums } from '../../src/usage/sums.js';

/** A call as it was, and the same calls as each tool would export them. */
export type MadeUpCall = {
  at: number;
  model: string;
  provider: 'openai' | 'anthropic' | 'deepseek';
  task: string;
  session: string;
  /** All of the prompt; `cached` and `written` of it. */
  input: number;
  cached: number;
  written: number;
  /** With reasoning. */
  output: number;
  reasoning: number;
  usd: number;
  ttftMs: number;
  totalMs: number;
};

const dayMs = 86_400_000;
/** A Monday. */
export const firstDay = Date.parse('2026-10-12T00:00:00Z');

/** Stands in every field of an export that holds what was said, a person or a key. */
export const marker = 'MARKER-of-what-nobody-may-see';

/** Numbers from 0 to 1, the same each time. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Prices of the newest snapshot when this was written, USD per 1e6 tokens: input, cached, written, output. */
const prices: Record<string, readonly [number, number, number, number]> = {
  'gpt-4o-mini': [0.15, 0.075, 0.15, 0.6],
  'gpt-5.4': [2.5, 0.25, 2.5, 15],
  'claude-sonnet-5': [2, 0.2, 2.5, 10],
  'deepseek-v4-flash': [0, 0, 0, 0],
};

type Kind = Pick<MadeUpCall, 'model' | 'provider' | 'task'> & {
  perDay: number;
  input: number;
  hit: number;
  prefix: number;
  output: number;
  writes?: boolean;
};

const kinds: readonly Kind[] = [
  {
    model: 'gpt-4o-mini',
    provider: 'openai',
    task: 'faq',
    perDay: 300,
    input: 2400,
    hit: 0.5,
    prefix: 1200,
    output: 180,
  },
  {
    model: 'gpt-5.4',
    provider: 'openai',
    task: 'agents',
    perDay: 60,
    input: 9000,
    hit: 0.7,
    prefix: 6000,
    output: 400,
  },
];
const review = { task: 'review', perDay: 120, input: 7000, hit: 0.8, prefix: 5000, output: 350, writes: true };
export const anthropicKinds: readonly Kind[] = [{ model: 'claude-sonnet-5', provider: 'anthropic', ...review }];

/** Calls of some days, spread over each from its first to its last hour. */
export function madeUpCalls(days: number, of: readonly Kind[] = kinds, seed = 7): MadeUpCall[] {
  const random = randomNumbers(seed);
  const calls: MadeUpCall[] = [];
  for (let day = 0; day < days; day++)
    for (const { perDay, hit, prefix, writes, ...kind } of of)
      for (let n = 0; n < perDay; n++) {
        const at = firstDay + day * dayMs + Math.floor(((n + random() * 0.99) * dayMs) / perDay);
        const input = Math.round(kind.input * (0.8 + 0.4 * random()));
        const isHit = random() < hit;
        const [cached, written] = [isHit ? prefix : 0, writes && !isHit ? prefix : 0];
        const output = Math.round(kind.output * (0.5 + random()));
        const [fresh = 0, read = 0, write = 0, out = 0] = prices[kind.model] ?? [];
        const usd = ((input - cached - written) * fresh + cached * read + written * write + output * out) / 1e6;
        const { model, provider, task } = kind;
        const times = { ttftMs: 300 + Math.round(500 * random()), totalMs: 2000 + Math.round(4000 * random()) };
        const session = `session-${Math.floor(calls.length / 3)}`;
        calls.push({ at, model, provider, task, session, input, cached, written, output, reasoning: 0, usd, ...times });
      }
  return calls.sort((a, b) => a.at - b.at);
}

type Row = Record<string, unknown>;

const cell = (value: unknown, separator: string): string => {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
  return /["\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
};
export const csvOf = (rows: readonly object[], separator = ','): string => {
  const headers = Object.keys(rows[0] ?? {});
  return [headers, ...rows.map((row) => headers.map((name) => (row as Row)[name]))]
    .map((cells) => `${cells.map((value) => cell(value, separator)).join(separator)}\n`)
    .join('');
};
export const linesOf = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

type Bucket = MadeUpCall & { calls: number };

/** Sums by a span of time and model. */
function bucketsOf(calls: readonly MadeUpCall[], spanMs: number): Bucket[] {
  const sums = new Map<string, Bucket>();
  for (const call of calls) {
    const at = Math.floor(call.at / spanMs) * spanMs;
    const key = `${at} ${call.model}`;
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { ...call, at, calls: 1 });
    else {
      known.calls++;
      for (const name of ['input', 'cached', 'written', 'output', 'reasoning', 'usd'] as const)
        known[name] += call[name];
    }
  }
  return [...sums.values()];
}

const iso = (ms: number): string => new Date(ms).toISOString();
const spaced = (ms: number): string => iso(ms).replace('T', ' ').replace('Z', '');

/** What a form has a name for beside the figures of a call: the times as tools write them, and sums. */
const figures: Record<string, (bucket: Bucket) => unknown> = {
  marker: () => marker,
  all: ({ input, output }) => input + output,
  unread: ({ input, cached }) => input - cached,
  fresh: ({ input, cached, written }) => input - cached - written,
  iso: ({ at }) => iso(at),
  isoFirst: ({ at, ttftMs }) => iso(at + ttftMs),
  isoEnd: ({ at, totalMs }) => iso(at + totalMs),
  isoMinuteEnd: ({ at }) => iso(at + 60_000),
  isoDayEnd: ({ at }) => iso(at + dayMs),
  day: ({ at }) => iso(at).slice(0, 10),
  slashed: ({ at }) => iso(at).slice(0, 10).replaceAll('-', '/'),
  spaced: ({ at }) => spaced(at),
  spacedEnd: ({ at, totalMs }) => spaced(at + totalMs),
  start: ({ at }) => at / 1000,
  minuteEnd: ({ at }) => at / 1000 + 60,
  nanoseconds: ({ at }) => `${at}123456`,
  nanosecondsEnd: ({ at, totalMs }) => `${at + totalMs}123456`,
  sinceMs: ({ at }) => at - firstDay,
  sinceS: ({ at }) => (at - firstDay) / 1000,
  totalS: ({ totalMs }) => totalMs / 1000,
  ttftS: ({ ttftMs }) => ttftMs / 1000,
  Provider: ({ provider }) => ({ openai: 'OpenAI', anthropic: 'Anthropic', deepseek: 'DeepSeek' })[provider],
  PROVIDER: ({ provider }) => provider.toUpperCase(),
};

/** A form with its names filled in; a name alone is the figure itself. */
function filled(form: unknown, of: Partial<Bucket> & { index?: number; records?: unknown[] }): unknown {
  const figure = (name: string) => figures[name]?.(of as Bucket) ?? of[name as keyof typeof of];
  if (typeof form === 'string') {
    if (!form.includes('$')) return form;
    if (/^\$\w+$/.test(form)) return figure(form.slice(1));
    return form.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, one, other) => `${figure(one ?? other)}`);
  }
  if (Array.isArray(form)) return form.map((one) => filled(one, of));
  if (typeof form !== 'object' || form === null) return form;
  return Object.fromEntries(Object.entries(form).map(([key, value]) => [key, filled(value, of)]));
}

type Untold = 'calls' | 'cached' | 'usd' | 'model';
type Form = {
  of: keyof typeof spans;
  untold?: Untold[];
  each: unknown[];
  in?: { ms: number; is: unknown };
  as: unknown;
  separator?: string;
  indented?: true;
  asWindowsWrites?: true;
};
const spans = { call: null, minute: 60_000, day: dayMs };
const forms: Record<string, Form> = parse(
  readFileSync(new URL('../fixtures/usage-exports.yaml', import.meta.url), 'utf8'),
  { merge: true },
);

function written(form: Form, calls: readonly MadeUpCall[]): string {
  const span = spans[form.of];
  const told = span === null ? calls.map((call) => ({ ...call, calls: 1 })) : bucketsOf(calls, span);
  const recordsOf = (index: number) => form.each.map((each) => filled(each, { ...told[index], index }));
  let records = [...told.keys()].flatMap(recordsOf);
  const { in: within } = form;
  if (within !== undefined) {
    const held = new Map<number, number[]>();
    for (const [index, { at }] of told.entries()) {
      const start = Math.floor(at / within.ms) * within.ms;
      held.set(start, [...(held.get(start) ?? []), index]);
    }
    records = [...held].map(([at, indices]) =>
      filled(within.is, { ...told[indices[0] as number], at, records: indices.flatMap(recordsOf) }),
    );
  }
  if (form.as === 'lines') return linesOf(records);
  if (form.as !== 'table') return JSON.stringify(filled(form.as, { records }), null, form.indented && 2);
  const table = csvOf(records as Row[], form.separator);
  return form.asWindowsWrites ? `\uFEFF${table.replaceAll('\n', '\r\n')}` : table;
}

/** The text of an export, and what it does not tell. */
export type MadeUpExport = { text: string; untold: readonly Untold[] };

/** The same calls in every form that is read; each is made when it is asked for. */
export function exportsOf(calls: readonly MadeUpCall[]): Record<string, MadeUpExport> {
  return Object.fromEntries(
    Object.entries(forms).map(([name, form]) => {
      const text = madeOnce(() => written(form, calls));
      return [name, Object.defineProperty({ text: '', untold: form.untold ?? [] }, 'text', { get: text })];
    }),
  );
}

/** What the command sums up of texts, each read in parts of a length. */
export function readUsage(texts: readonly string[], settings: Partial<Settings> = {}, partLength = 1000): Usage {
  const sums = usageSums({
    ...{ groupBy: 'auto', localOf: (at) => at, firstDay: 0, lastDay: 40_000, model: null, priceOf: () => null },
    ...settings,
  });
  for (const text of texts) {
    const reader = usageReader({ as: null, exclusive: false }, (made, source, line) =>
      sums.add(made, source, 'file', line),
    );
    for (let at = 0; at < text.length; at += partLength) reader.write(text.slice(at, at + partLength));
    reader.end();
  }
  return sums.usage();
}
