import { apiRowsNamed, findApiRow } from '../tables/aliases.js';
import type { ApiRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { nearest } from '../units/suggest.js';
import { quoteError, quoteWarning } from './quote-problem.js';

const mostListed = 12;

/**
 * The row a call is billed by, under any of the model's names at the provider; else what is wrong and what was probably
 * meant. A name that only resembles the row's comes with a warning.
 */
export function quotedRow(
  tables: Tables,
  provider: string,
  model: string,
): { row: ApiRow; warnings: Problem[] } | { row: null; problem: Problem } {
  const row = findApiRow(tables, provider, model);
  const named = apiRowsNamed(tables, provider, model);
  if (row === null) return { row, problem: noRow(tables, provider, model) };
  const sure = named.some(({ bond }) => bond !== 'release' && bond !== 'family');
  return {
    row,
    warnings: sure ? [] : [quoteWarning('other-name', `"${model}" is billed as ${provider}/${row.modelId}`)],
  };
}

function noRow(tables: Tables, provider: string, model: string): Problem {
  const date = tables.snapshot.date;
  const ids = tables.api.filter((row) => row.provider === provider).map(({ modelId }) => modelId);
  if (ids.length === 0) {
    const providers = [...new Set(tables.api.map((row) => row.provider))].sort();
    const message = `nobody called "${provider}" sells tokens in the tables of ${date}`;
    return quoteError('unknown-provider', 'provider', message, meant(provider, providers, 'providers'));
  }
  const several = apiRowsNamed(tables, provider, model).map(({ row }) => row.modelId);
  if (several.length > 0) {
    const message = `"${model}" may be one of several models at ${provider} that cost differently`;
    return quoteError('ambiguous-model', 'model', message, `write one of ${several.join(', ')}`);
  }
  const elsewhere = [...new Set(tables.api.map((row) => row.provider))].filter(
    (other) => other !== provider && findApiRow(tables, other, model) !== null,
  );
  return quoteError(
    'unknown-model',
    'model',
    `${provider} sells no model "${model}" in the tables of ${date}`,
    nearest(model, ids) === null && elsewhere.length > 0
      ? `sold by ${elsewhere.sort().join(', ')}`
      : meant(model, ids, 'models'),
  );
}

function meant(word: string, names: readonly string[], noun: string): string {
  const near = nearest(word, names);
  if (near !== null) return `did you mean \`${near}\`?`;
  const listed = names.slice(0, mostListed).join(', ');
  return `${noun}: ${listed}${names.length > mostListed ? `, and ${names.length - mostListed} more` : ''}`;
}
