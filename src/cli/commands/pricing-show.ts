import { priceList, type SortKey, selectOffers, unanswered, type Wanted } from '../../tables/offers.js';
import type { Problem } from '../../units/problem.js';
import type { Values } from '../arguments.js';
import { type AnswerOptions, answer, priceDate } from '../catalog-answer.js';
import { fileProblem, type Io } from '../io.js';
import { nearNames, readPriced } from '../read-workload.js';

type Options = AnswerOptions & Wanted & { pricing?: string; priceBook?: string; sort?: SortKey; detail?: true };

/** `pricing show`: the rows of a snapshot's price lists, with what each is priced in and where it comes from. */
export async function runPricingShow(io: Io, _: string | undefined, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const { tables, prose, problems } = await readPriced(io, options, true);
  if (tables === null) return answer(io, options, null, problems);
  const missing = unanswered(tables, options).map(({ part, asked, names }) =>
    noSuch(part, asked, names, tables.snapshot.date),
  );
  const offers = priceList(tables, prose, selectOffers(tables, options), options.sort ?? null);
  const listing = { prices: priceDate(tables, io, options), offers };
  const report = await import('../../report/pricing-show.js');
  const text = {
    table: () => report.pricingShowTable(listing, options.detail ?? false),
    json: () => report.pricingShowJson(listing),
    csv: () => report.pricingShowCsv(listing),
  }[options.format ?? 'table'];
  await answer(io, options, text?.() ?? null, [...problems, ...missing]);
}

/** Nothing answers to a name: the nearest there is, or those that hold it. */
export function noSuch(part: string, asked: string, names: readonly string[], date: string): Problem {
  const near = nearNames(asked, names, (plain) => `--${part} "*${plain}*" lists them`);
  return fileProblem('no-such-price', '', `the prices of ${date} have no ${part} "${asked}"`, near);
}
