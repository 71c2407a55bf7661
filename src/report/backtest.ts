import type { Backtest, Difference } from '../analyses/backtest/backtest.js';
import type { Causes } from '../analyses/backtest/causes.js';
import type { Correction } from '../analyses/backtest/corrections.js';
import { type CsvColumns, csvTable } from './csv.js';
import {
  type Document,
  gap,
  numberColumns,
  paragraph,
  paragraphs,
  type Table,
  table,
  textColumns,
  title,
} from './document.js';
import { jsonText } from './json.js';
import { counted, grouped, money, narrowMoney, percent } from './numbers.js';
import { plainText } from './plain-text.js';
import { ageText } from './sheets.js';
import { renderText } from './text.js';

const width = 80;

export const backtestJson = (answer: Backtest): string => jsonText(answer);

const csvColumns: CsvColumns<Backtest['months'][number]> = {
  month: ({ month }) => month,
  predicted_requests: ({ predictedServed }) => predictedServed.requests,
  requests: ({ served }) => served.requests,
  predicted_input_tokens: ({ predictedServed }) => predictedServed.inputTokens,
  input_tokens: ({ served }) => served.inputTokens,
  predicted_output_tokens: ({ predictedServed }) => predictedServed.outputTokens,
  output_tokens: ({ served }) => served.outputTokens,
  predicted: ({ predicted }) => predicted,
  paid: ({ paid }) => paid,
  error: ({ error }) => error,
  volume: ({ causes }) => causes.volume,
  mix: ({ causes }) => causes.mix,
  price: ({ causes }) => causes.price,
  p5: ({ band }) => band?.p5 ?? null,
  p50: ({ band }) => band?.p50 ?? null,
  p95: ({ band }) => band?.p95 ?? null,
  covered: ({ covered }) => (covered === null ? null : covered ? 'yes' : 'no'),
};

/** One row a month, for a spreadsheet; sums are left to it. */
export const backtestCsv = ({ months }: Backtest): string => csvTable(csvColumns, months);

/** Months in lines, what the error comes from, and what to correct. */
export function backtestTable(answer: Backtest, { color }: { color: boolean }): string {
  const { scenario, tables, actuals, label, planFrom } = answer;
  const book = tables.priceBook === null ? '' : ', own price book';
  const head = title(plainText(scenario.name), `prices ${tables.snapshot} (${ageText(tables)}${book})`);
  const span = actuals.from === actuals.to ? actuals.from : `${actuals.from} to ${actuals.to}`;
  const tested = `${plainText(label)} (${planNames[planFrom]}), ${span}, ${counted(actuals.months, 'month')}`;
  const settable = answer.corrections.some(({ set }) => set !== null);
  const sets = settable ? '. --format json has what to correct as values for --set' : '';
  const rest: Document = [
    ...totalLines(answer),
    ...whyLines(answer),
    ...bandLines(answer),
    ...fixLines(answer),
    paragraph('NOTE', `bills without people and one-off costs; ${order}${sets}`),
  ];
  return renderText([head, paragraph('PLAN', tested), gap, monthsTable(answer), gap, ...rest], { color, width });
}

const planNames: Record<Backtest['planFrom'], string> = {
  option: 'as asked',
  today: 'in use today',
  recommended: 'recommended',
};

const order = 'error = paid - predicted, split by volume, then mix, then price';

function monthsTable({ months, total }: Backtest): Table {
  const row = (name: string, { paid, predicted, error, causes }: Difference, covered: boolean | null) => [
    name,
    ...[paid, predicted].map(narrowMoney),
    ...[error, causes.volume, causes.mix, causes.price].map(signed),
    covered === null ? '' : covered ? 'in' : 'out',
  ];
  const all = months.length > 1 ? [row('all', total, null)] : [];
  return table(
    [
      ...textColumns('USD'),
      ...numberColumns('paid', 'predicted', 'error', 'volume', 'mix', 'price'),
      ...textColumns('90 % range'),
    ],
    [...months.map((month) => row(month.month, month, month.covered)), ...all],
  );
}

/** What rounds to nothing has no sign. */
const signed = (usd: number): string => {
  const text = narrowMoney(Math.abs(usd) < smallest ? 0 : usd);
  return usd >= smallest ? `+${text}` : text;
};
/** A hundredth of a cent: below it an error is of rounding. */
const smallest = 1e-4;

function totalLines({ total, meanError, months }: Backtest): Document {
  const { paid, predicted, error } = total;
  const away = Math.abs(error) < smallest ? 'as predicted' : `${money(Math.abs(error))} ${error > 0 ? 'more' : 'less'}`;
  const share = paid > 0 && Math.abs(error) >= smallest ? `, ${percent(Math.abs(error) / paid)} of what was paid` : '';
  const billed = months.filter((month) => month.paid > 0).length;
  const among = billed === months.length ? '' : ` over the ${billed} that were paid`;
  const mean = meanError === null ? '' : `; a month is off by ${percent(meanError)} on average${among}`;
  return [paragraph('PAID', `${money(paid)} against ${money(predicted)} predicted: ${away}${share}${mean}`)];
}

const causeNames: Record<keyof Causes, string> = { volume: 'Volume', mix: 'Mix', price: 'Price' };

/** Largest first; what was served says why volume and mix differ. */
function whyLines({ total, actuals }: Backtest): Document {
  const { error, causes, served, predictedServed: said } = total;
  if (Math.abs(error) < smallest && Object.values(causes).every((usd) => Math.abs(usd) < smallest)) return [];
  const change = (actual: number, predicted: number): string => {
    if (predicted <= 0) return 'none were predicted';
    const ratio = actual / predicted;
    return ratio === 1 ? 'as predicted' : `${percent(Math.abs(ratio - 1))} ${ratio > 1 ? 'more' : 'fewer'}`;
  };
  const each = (tokens: number, requests: number) => (requests > 0 ? tokens / requests : 0);
  const perRequest = (tokens: 'inputTokens' | 'outputTokens') =>
    `${grouped(each(served[tokens], served.requests))} (predicted ${grouped(each(said[tokens], said.requests))})`;
  const words: Record<keyof Causes, string> = {
    volume: `${grouped(served.requests)} requests, ${change(served.requests, said.requests)}`,
    mix: `tokens of a request${actuals.byTask ? ' and shares of tasks' : ''}: ${perRequest('inputTokens')} in, ${perRequest('outputTokens')} out`,
    price: 'what remains: prices and discounts, cache hits, retries, and what else is on the bill',
  };
  const names = (Object.keys(causes) as (keyof Causes)[]).toSorted((a, b) => Math.abs(causes[b]) - Math.abs(causes[a]));
  return paragraphs(
    'WHY',
    names.map((name) => {
      const usd = causes[name];
      const explains = Math.abs(usd) < smallest ? 'explains nothing' : explained(usd, error);
      return `${causeNames[name]} ${explains}: ${words[name]}`;
    }),
    { hang: 2 },
  );
}

/** A cause against the whole error; one that goes the other way says so. */
function explained(usd: number, error: number): string {
  const whole = money(Math.abs(error));
  return Math.sign(usd) === Math.sign(error)
    ? `explains ${money(Math.abs(usd))} of the ${whole}`
    : `lowers it by ${money(Math.abs(usd))}`;
}

function bandLines({ coverage }: Backtest): Document {
  if (coverage === null) return [paragraph('RANGE', 'no range: nothing was simulated')];
  const { covered, months } = coverage;
  const text = `${covered} of ${counted(months, 'bill')} within the predicted 90 % range; 9 of 10 are expected`;
  return [paragraph('RANGE', text)];
}

function fixLines({ corrections }: Backtest): Document {
  if (corrections.length === 0) return [paragraph('FIX', 'nothing to correct')];
  return paragraphs('FIX', corrections.map(fixText), { hang: 2 });
}

const fixText = ({ path, fromText, toText, set, cause }: Correction): string => {
  const own = set === null ? ' (nothing to set)' : '';
  if (cause === 'price') return `prices: ${toText}${own}`;
  return `${path}: ${fromText} -> ${toText}${own}`;
};
