import { bareWord, knownWords, type ProviderWords } from '../claim-words.js';
import type { ProviderRow } from '../rows.js';
import type { Tables } from '../tables.js';
import type { Entry, PriceBook } from './price-book.js';
import type { ReportProblem } from './report-problem.js';

const columns = ['regions', 'certs', 'agreements', 'options'] as const satisfies readonly ProviderWords[];

/**
 * Rows for the providers that books describe, numbered on from those of the catalog. A later book's provider replaces an
 * earlier one of the same name.
 */
export function ownProviders(
  books: readonly PriceBook[],
  tables: Tables,
  report: ReportProblem,
): { row: ProviderRow; entry: Entry }[] {
  const found = new Map<string, { row: ProviderRow; entry: Entry }>();
  const first = tables.providers.reduce((most, { row }) => Math.max(most, row), -1) + 1;
  const selling = new Set(books.flatMap(({ prices }) => prices.models ?? []).map((model) => model.provider));
  for (const book of books) {
    const own = new Set<string>();
    for (const [index, one] of (book.prices.providers ?? []).entries()) {
      const { provider, operator, source } = one;
      const path = ['providers', index];
      if (tables.providerOf.has(provider)) {
        const message = `the tables know where ${provider} processes and what it signs: what you have agreed with it stands under data.agreements`;
        report(book, [...path, 'provider'], 'known-provider', message);
        continue;
      }
      if (own.has(provider)) {
        report(book, [...path, 'provider'], 'duplicate-provider', `${provider} stands here twice`);
        continue;
      }
      own.add(provider);
      if (!selling.has(provider)) {
        const message = `no model here is sold by ${provider}, so it has no effect`;
        const near = { name: provider, among: [...selling] };
        report(book, [...path, 'provider'], 'no-effect', message, { severity: 'warning', near });
      }
      for (const column of columns) {
        const words = (one[column] ?? []).map(bareWord);
        const known = words.length === 0 ? null : knownWords(column, tables);
        for (const [at, word] of words.entries()) {
          const where = [...path, column, at];
          if (words.indexOf(word) < at) report(book, where, 'contradiction', `\`${word}\` stands here twice`);
          else if (known?.has(word) === false) {
            const message = `the tables know no \`${word}\`, so it has no effect`;
            report(book, where, 'no-effect', message, {
              severity: 'warning',
              near: { name: word, among: [...known] },
            });
          }
        }
      }
      found.set(provider, {
        row: {
          row: found.get(provider)?.row.row ?? first + found.size,
          confidence: 'high',
          provider,
          kinds: [],
          operatorCountry: operator,
          regions: one.regions ?? [],
          certs: one.certs ?? [],
          agreements: one.agreements ?? [],
          options: one.options ?? [],
          billedApart: null,
          asOf: '',
        },
        entry: { book, path, source },
      });
    }
  }
  return [...found.values()];
}
