import { monthly } from '../formula/formula.js';
import { given, parameter, product, quotient, stated } from '../formula/traced.js';
import type { ParameterRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { secondsPerHour } from '../units/clock.js';
import { perObject } from '../units/memo.js';
import { highestOf } from '../workload/load.js';
import type { CostTerms, TaskPart, Workload } from '../workload/workload.js';
import type { CostLine } from './curve.js';
import type { Component } from './fleet-bill.js';
import { fixedLine, onceLine } from './lines.js';
import { outputPathOf } from './task-trace.js';

/** The parameter of a kind or provider: `leadTime` + `self-hosted-cloud` = `leadTimeSelfHostedCloud`. */
export const parameterOf = (prefix: string, name: string): string =>
  `${prefix}-${name}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const bytesPerGb = 1e9;

const egressFormula = monthly(
  'network.egress',
  'Traffic to users',
  'output tokens x bytes per token on the wire / 1e9 x USD per GB',
);

const dearest = perObject(({ owning }: Tables): ParameterRow => {
  const all = owning.filter(({ name }) => name.startsWith('egress'));
  return all.reduce((most, row) => (row.likely > most.likely ? row : most), all[0] as ParameterRow);
});

/** USD per GB of traffic out of a provider; the highest known one where the tables have none. */
function egressUsdPerGb(
  provider: string,
  { assume }: Pick<Workload, 'assume'>,
  tables: Tables,
): { usd: number; known: boolean; row: number } {
  const own = tables.parameterOf.get(parameterOf('egress', provider));
  if (own !== undefined) return { usd: assume(own.name), known: true, row: own.row };
  const highest = dearest(tables);
  return { usd: assume(highest.name), known: false, row: highest.row };
}

const byProvider = perObject((_: TaskPart) => new Map<string, Component>());

/** Traffic of one request out of a provider. */
export function egress(
  provider: string,
  taskPart: TaskPart,
  workload: Pick<Workload, 'assume'>,
  tables: Tables,
): Component {
  const known = byProvider(taskPart);
  const component = known.get(provider) ?? traffic(provider, taskPart, workload, tables);
  known.set(provider, component);
  return component;
}

function traffic(provider: string, taskPart: TaskPart, workload: Pick<Workload, 'assume'>, tables: Tables): Component {
  const { usd, known, row } = egressUsdPerGb(provider, workload, tables);
  return {
    working: known ? egressFormula : { ...egressFormula, label: `${egressFormula.label} (rate assumed)` },
    amount: product(
      'traffic of a request',
      'USD/request',
      stated(`output tokens of ${taskPart.task}`, taskPart.tokens.output, 'tokens', outputPathOf(taskPart)),
      parameter('bytes of a token on the wire', 'bytesPerTokenOnTheWire', { workload, tables }),
      given('gigabytes in a byte', 1 / bytesPerGb, 'GB/byte'),
      given(`traffic out of ${provider}`, usd, 'USD/GB', { table: 'owning', row }),
    ),
    ...(!known && { rateAssumed: true }),
  };
}

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
 * Costs of retrieval, wherever the model runs: embedding documents once, and storing them. Left out: the search
 * service, which has no price in the tables, and embedding the questions (a dollar or two per million). None without a
 * known size.
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
  const kept = product(
    store.label,
    'USD/month',
    quotient('chunks', 'chunks', documents, parameter('tokens of a chunk', 'retrievalChunkTokens', source)),
    parameter('kept for a chunk', 'retrievalChunkKb', source),
    given('gigabytes in a kilobyte', 1 / kilobytesPerGb, 'GB/kB'),
    parameter('disk', 'storageBlockSsd', source),
  );
  return [onceLine(embedding, once, workload), fixedLine(store, kept)];
}

const megabitsPerByte = 8e-6;

const transitFormula = monthly(
  'network.transit',
  'Internet line of the colocation',
  'output tokens x bytes per token on the wire x 8e-6 / seconds in a month x busiest minute over the mean x USD per Mbit/s-month',
);

/** The line out of a building for the busiest minute, by the request. */
export const transit = (taskPart: TaskPart, workload: CostTerms, tables: Tables): Component => ({
  working: transitFormula,
  amount: product(
    'line of a request',
    'USD/request',
    stated(`output tokens of ${taskPart.task}`, taskPart.tokens.output, 'tokens', outputPathOf(taskPart)),
    parameter('bytes of a token on the wire', 'bytesPerTokenOnTheWire', { workload, tables }),
    given(
      'megabits of a byte, through a month',
      megabitsPerByte / (workload.hoursPerMonth * secondsPerHour),
      'Mbit/s-month',
    ),
    given('busiest hour over the mean hour', highestOf(taskPart.hours), 'ratio'),
    parameter('busiest minute over its hour', 'inHourFactor', { workload, tables }),
    parameter('line', 'internetTransit', { workload, tables }),
  ),
});

const tuningFormula = monthly('other.tuning', 'Fine-tuning, once', 'USD for tuning a model to the task / months');

/** What tuning models to the tasks of these task parts costs, each once. */
export const tuningLines = (taskParts: readonly TaskPart[], workload: Workload, tables: Tables): CostLine[] =>
  taskParts.flatMap(({ task, tuningUsd }) => {
    if (tuningUsd === undefined) return [];
    const once =
      tuningUsd === workload.assume('distillationUsd')
        ? parameter(`tuning of ${task}`, 'distillationUsd', { workload, tables })
        : stated(`tuning of ${task}`, tuningUsd, 'USD', `tasks.${task}.tuned.cost`);
    return [onceLine(tuningFormula, once, workload)];
  });
