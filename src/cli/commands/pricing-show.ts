import { priceList, selectOffers, unanswered } from '../../tables/offers.js';
import type { Problem } from '../../units/problem.js';
import { answer } from '../answer.js';
import { priceDate } from '../catalog-answer.js';
import type { Given } from '../command-entry.js';
import { fileProblem, type Io } from '../io.js';
import type { pricingShowCommand } from '../pricing-commands.js';
import { nearNames, readPriced } from '../read-workload.js';

/** `pricing show`: the rows of a snapshot's price lists, with what each is priced in and where it comes from. */
export async function run(io: Io, options: Given<typeof pricingShowCommand>): Promise<void> {
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
  await answer(io, options, text(), [...problems, ...missing]);
}

/** Nothing answers to a name: the nearest there is, or those that hold it. */
export function noSuch(part: string, asked: string, names: readonly string[], date: string): Problem {
  const near = nearNames(asked, names, (plain) => `--${part} "*${plain}*" lists them`);
  return fileProblem('no-such-price', '', `the prices of ${date} have no ${part} "${asked}"`, near);
}
