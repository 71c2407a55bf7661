import type { Call } from '../../cost/call.js';
import { type Quote, type QuotePart, quote } from '../../cost/quote.js';
import { type Document, line, paragraph } from '../../report/document.js';
import { counted, grouped } from '../../report/numbers.js';
import { padded, paddedLeft, plainText } from '../../report/printable.js';
import { renderText } from '../../report/text.js';
import type { Tables } from '../../tables/tables.js';
import { type Reading, refuse } from '../../units/amount.js';
import type { Problem } from '../../units/problem.js';
import { countReader, exact, numberReader } from '../../units/uncertain.js';
import { readVolume, timesPerDay, type Volume } from '../../units/volume.js';
import type { pricingQuoteCommand } from '../catalog-commands.js';
import type { Given } from '../command-entry.js';
import { haveErrors, report } from '../command-entry.js';
import { type Io, usageProblem, visibleJson } from '../io.js';
import { tool } from '../problems.js';
import { readPriced } from '../read-workload.js';

type Options = Given<typeof pricingQuoteCommand>;

/** How many calls: so many, or a rate whose month is billed. */
type Requests = { count: number } | { perMonth: Volume };

export async function run(io: Io, options: Options): Promise<void> {
  const { call, requests, problems } = readOptions(options);
  const { at } = options;
  const priced = await readPriced(io, { ...options, ...(at !== undefined && { asOf: at.slice(0, 10) }) }, true);
  problems.push(...priced.problems);
  const { tables, prose } = priced;
  if (tables === null || !call.provider || !call.model) return report(io, options, problems);

  const calls = requests && callsIn(requests, tables);
  const bill = quote(tables, { ...call, ...(calls !== null && { requests: calls }) }, prose);
  problems.push(...bill.problems);
  if (bill.quote !== null && !haveErrors(problems))
    io.out(
      options.format === 'json'
        ? `${visibleJson(bill.quote)}\n`
        : table(bill.quote, {
            calls: calls === null ? 'one call' : counted(calls, 'call'),
            isMonth: requests !== null && 'perMonth' in requests,
            width: io.stdout.columns ?? 80,
            color: (options.color ?? true) && io.stdout.color,
          }),
    );
  return report(io, options, problems);
}

/** The call the flags describe, and all that is wrong with them. */
function readOptions(options: Options): { call: Call; requests: Requests | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const value = <T>(flag: string, reading: Reading<T>, otherwise: T): T => {
    if (reading.ok) return reading.value;
    problems.push(usageProblem(`--${flag}: ${reading.message}`));
    return otherwise;
  };
  const needed = (flag: string, text: string | undefined): string => {
    if (text === undefined || text === '') problems.push(usageProblem(`--${flag} is missing`, seeHelp));
    return text ?? '';
  };
  const readTokens = exact(countReader('tokens'), { wholeOf: 'tokens' });
  const tokens = (flag: string, text: string | undefined): number =>
    text === undefined ? 0 : value(flag, readTokens(text), 0);

  const tools = Object.fromEntries(
    (options.tool ?? []).map((text) => {
      const [name = '', calls = '1'] = text.split('=');
      return [name, value('tool', exact(numberReader(null, { least: 0 }))(calls), 0)];
    }),
  );
  const call: Call = {
    provider: needed('provider', options.provider),
    model: needed('model', options.model),
    inputTokens: tokens('input', options.input),
    cachedTokens: tokens('cached', options.cached),
    cacheWriteTokens: tokens('cache-write', options.cacheWrite),
    cacheWrite1hTokens: tokens('cache-write-1h', options.cacheWrite1h),
    outputTokens: tokens('output', options.output),
    batch: options.batch ?? false,
    ...(options.tier && { tier: options.tier }),
    ...(options.tool !== undefined && { tools }),
    ...(options.convention && { convention: options.convention }),
    ...(options.at !== undefined && { at: options.at }),
    ...(options.residency !== undefined && { residency: options.residency }),
  };
  const counts = [options.input, options.cached, options.cacheWrite, options.cacheWrite1h, options.output];
  if (counts.every((text) => text === undefined))
    problems.push(usageProblem('no tokens to bill', 'give --input and --output, in tokens of one call'));
  const requests =
    options.requests === undefined ? null : value<Requests | null>('requests', readRequests(options.requests), null);
  return { call, requests, problems };
}

const seeHelp = `see ${tool.name} pricing quote --help`;
const ofRequests = 'write a number of calls, as 1000, or a rate, as 1M/month or 50k/day';

function readRequests(text: string): Reading<Requests> {
  const count = exact(countReader('calls'))(text);
  if (count.ok) return { ok: true, value: { count: count.value } };
  const volume = readVolume(text);
  if (!volume.ok) return refuse(`${text} is not a number of calls: ${ofRequests}`);
  const { of, per, atPeak, amount } = volume.value;
  if (of !== 'requests' || per === null) return refuse(`${of} are not calls: ${ofRequests}`);
  if (atPeak) return refuse(`a peak is no month: ${ofRequests}`);
  if (amount.range) return refuse(`one number is needed, not a range: ${ofRequests}`);
  return { ok: true, value: { perMonth: volume.value } };
}

/** Calls to bill; of a rate, those of a month of `hoursPerMonth`. */
function callsIn(requests: Requests, tables: Tables): number {
  if ('count' in requests) return requests.count;
  const { amount, per } = requests.perMonth;
  if (per === null || per === 'month') return amount.likely;
  const hoursPerMonth = tables.parameterOf.get('hoursPerMonth')?.likely ?? Number.NaN;
  const daysPerMonth = hoursPerMonth / 24;
  return amount.likely * timesPerDay(per, daysPerMonth) * daysPerMonth;
}

const partNames: Readonly<Record<string, string>> = {
  'tokens.input': 'input',
  'tokens.cached': 'cached input',
  'tokens.cacheWrite': 'cache write',
  'tokens.cacheWrite1h': 'cache write, 1 h',
  'tokens.output': 'output',
};

type View = { calls: string; isMonth: boolean; width: number; color: boolean };

function table(bill: Quote, { calls, isMonth, width, color }: View): string {
  const { provider, model, parts, total, at, snapshot, tier, note, residency } = bill;
  const usd = total < exactBelowUsd ? exactText : cents;
  const cells: string[][] = [
    ['', 'tokens', 'USD per 1M', 'USD'],
    ...parts.map(({ part, quantity, unit, rate, amount }) => [
      partNames[part] ?? `${part.replace('tools.', '')}, USD ${unit.replace('USD ', '')}`,
      grouped(quantity),
      exactText(rate),
      usd(amount),
    ]),
    ['total', '', '', usd(total)],
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const row = (line: string[]): string =>
    line.map((cell, column) => (column === 0 ? padded : paddedLeft)(cell, widths[column] ?? 0)).join('   ');
  const title = [
    `${provider}/${model}: ${calls}${isMonth ? ' in a month' : ''}`,
    ...(tier === 'standard' ? [] : [tier === 'batch' ? 'batch tariff' : `${tier} tier`]),
    `prices ${snapshot}`,
    ...(at === snapshot ? [] : [`as they are on ${at}`]),
    ...(residency.length === 0 ? [] : [`processed in ${residency.join(' or ')}`]),
  ];
  const document: Document = [
    paragraph('', plainText(title.join(', ')), { indent: 0, tone: 'title' }),
    ...cells.map((cell, at) => line(` ${row(cell)}`, at === 0 ? 'faint' : 'plain')),
    ...sources(parts).map((source) => paragraph('FROM', plainText(source), { tone: 'faint' })),
    ...(note === null ? [] : [paragraph('NOTE', plainText(note), { tone: 'faint' })]),
  ];
  return renderText(document, { color, width });
}

/** From here on a table shows cents; every digit is in the JSON. */
const exactBelowUsd = 100;

const sources = (parts: readonly QuotePart[]): string[] => [...new Set(parts.map(({ source }) => source))];

/** Every digit there is, without an exponent. */
function exactText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-6 ? value.toFixed(20).replace(/0+$/, '') : String(value);
}

function cents(usd: number): string {
  const [dollars = '', rest = ''] = usd.toFixed(2).split('.');
  return `${grouped(Number(dollars))}.${rest}`;
}
