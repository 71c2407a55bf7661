import { monthly } from '../formula/formula.js';
import { given, parameter, product, quotient, sourcesOf, stated, type Traced } from '../formula/traced.js';
import type { Tables } from '../tables/tables.js';
import type { Workload } from '../workload/workload.js';
import { fixedCost } from './curve.js';
import type { CostLine } from './line.js';

const tokensPerMillion = 1e6;
const kilobytesPerGb = 1e6;

const embedding = monthly(
  'other.embedding',
  'Embedding of the documents',
  'tokens of the documents / 1e6 x USD per million tokens / months',
);
const store = monthly(
  'storage.retrieval',
  'Store of embedded documents',
  'tokens of the documents / tokens of a chunk x kilobytes kept for a chunk / 1e6 x USD per GB and month',
);

/**
 * What finding documents for a request costs wherever the model runs: embedding them once, and keeping them. The service
 * that searches them has no price in the tables, and embedding the questions is too little to count (a dollar or two for
 * a million of them); both are left out. None where their size is not known.
 */
export function retrievalLines(workload: Workload, tables: Tables): CostLine[] {
  if (workload.documentTokens === null) return [];
  const source = { workload, tables };
  const documents = stated('tokens of the documents', workload.documentTokens, 'tokens', 'needs.rag.documents');
  const once = product(
    embedding.label,
    'USD',
    documents,
    given('millions of tokens in a token', 1 / tokensPerMillion, 'M tokens/token'),
    parameter('embedding', 'semanticCacheEmbeddingUsdPerMTok', source),
  );
  const spread = quotient(
    embedding.label,
    'USD/month',
    once,
    stated('months of the horizon', workload.months, 'months', 'workload.horizon'),
  );
  const kept = product(
    store.label,
    'USD/month',
    quotient('chunks', 'chunks', documents, parameter('tokens of a chunk', 'retrievalChunkTokens', source)),
    parameter('kept for a chunk', 'retrievalChunkKb', source),
    given('gigabytes in a kilobyte', 1 / kilobytesPerGb, 'GB/kB'),
    parameter('disk', 'storageBlockSsd', source),
  );
  return [
    { ...lineOf(embedding, spread), upfront: once.value, once: true, traceUpfront: () => once },
    lineOf(store, kept),
  ];
}

const lineOf = (working: CostLine['working'], traced: Traced): CostLine => ({
  part: working.id,
  label: working.label,
  curve: fixedCost(traced.value),
  upfront: 0,
  working,
  trace: () => traced,
  sources: () => sourcesOf(traced),
});
