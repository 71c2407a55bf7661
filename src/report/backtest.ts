import type { Backtest, Difference } from '../analyses/backtest/backtest.js';
import { type Document, gap, numberColumns, paragraph, paragraphs, table, textColumns, title } from './document.js';
import { counted, grouped, money, narrowMoney, percent } from './numbers.js';
import { plainText } from './printable.js';
import { ageText } from './sheets.js';
import { renderText } from './text.js';

const width = 80;

/** Corrections in the table; the JSON has all. */
const mostShown = 2;

/** Months in lines, what the error comes from, and the inputs that explain most. */
export function backtestTable(answer: Backtest, { color }: { color: boolean }): string {
  const { scenario, tables, actuals, label, planFrom, months, total } = answer;
  const book = tables.priceBook === null ? '' : ', own price book';
  const head = title(plainText(scenario.name), `prices ${tables.snapshot} (${ageText(tables)}${book})`);
  const span = actuals.from === actuals.to ? actuals.from : `${actuals.from} to ${actuals.to}`;
  const tested = `${plainText(label)} (${planNames[planFrom]}), ${span}, ${counted(actuals.months, 'month')}`;
  const row = (name: string, { paid, predicted, error, causes }: Difference): string[] => [
    name,
    ...[paid, predicted].map(narrowMoney),
    ...[error, causes.volume, causes.mix, causes.price].map(signed),
  ];
  const rows = table(
    [...textColumns('USD'), ...numberColumns('paid', 'predicted', 'error', 'volume', 'mix', 'price')],
    [...months.map((month) => row(month.month, month)), ...(months.length > 1 ? [row('all', total)] : [])],
  );
  const about =
    'bills without people and one-off costs; error = paid - predicted. volume: as many requests as there were; mix: shares ' +
    'of tasks and tokens of a request; price: what remains, as discounts, cache hits and retries';
  const rest: Document = [
    totalLine(answer),
    ...fixLines(answer),
    paragraph('NOTE', `${about}. --format json has all corrections as values for --set`),
  ];
  return renderText([head, paragraph('PLAN', tested), gap, rows, gap, ...rest], { color, width });
}

const planNames: Record<Backtest['planFrom'], string> = {
  option: 'as asked',
  today: 'in use today',
  recommended: 'recommended',
};

/** A hundredth of a cent: below it an error is of rounding. */
const smallest = 1e-4;

/** What rounds to nothing has no sign. */
const signed = (usd: number): string => {
  const text = narrowMoney(Math.abs(usd) < smallest ? 0 : usd);
  return usd >= smallest ? `+${text}` : text;
};

function totalLine({ total, meanError }: Backtest): Document[number] {
  const { paid, predicted, error, served, predictedServed: said } = total;
  const isOff = Math.abs(error) >= smallest;
  const away = isOff ? `${money(Math.abs(error))} ${error > 0 ? 'more' : 'less'}` : 'as predicted';
  const share = isOff && paid > 0 ? `, ${percent(Math.abs(error) / paid)} of what was paid` : '';
  const mean = meanError === null ? '' : `; a month is off by ${percent(meanError)} on average`;
  const requests = `${grouped(served.requests)} requests, ${grouped(said.requests)} predicted`;
  return paragraph('PAID', `${money(paid)} against ${money(predicted)} predicted: ${away}${share}${mean}. ${requests}`);
}

function fixLines({ corrections }: Backtest): Document {
  if (corrections.length === 0) return [paragraph('FIX', 'nothing to correct')];
  const lines = corrections.slice(0, mostShown).map(({ path, fromText, toText, set, explainsUsd }) => {
    const own = set === null ? ' (nothing to set)' : '';
    return `${path}: ${fromText} -> ${toText}${own}, explains ${signed(explainsUsd)}`;
  });
  const more = corrections.length - lines.length;
  return paragraphs('FIX', [...lines, ...(more > 0 ? [`and ${more} that explain less`] : [])], { hang: 2 });
}
