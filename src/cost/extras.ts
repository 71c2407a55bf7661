import {
  given,
  monthly,
  parameter,
  predicted,
  product,
  quotient,
  smallest,
  stated,
  type Traced,
} from '../formula/traced.js';
import type { FeeRow, ParameterRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { perObject } from '../units/memo.js';
import { secondsPerHour } from '../units/month.js';
import { highestOf } from '../workload/load.js';
import type { CostTerms, TaskPart, ToolCalls, Workload } from '../workload/workload.js';
import { type CostLine, fixedLine, onceLine, requestsLine } from './curve.js';
import type { Component } from './fleet-bill.js';
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

function dearest({ owning }: Tables): ParameterRow {
  const all = owning.filter(({ name }) => name.startsWith('egress'));
  return all.reduce((most, row) => (row.likely > most.likely ? row : most), all[0] as ParameterRow);
}

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

type Context = { tables: Pick<Tables, 'fees' | 'parameterOf'>; workload: Workload };
type Fees = { tables: Pick<Tables, 'fees'>; workload: Pick<Workload, 'assume'> };

/** Who sells a model and its calls of tools; null: it runs on machines or devices. */
export type Seller = { provider: string; family: string } | null;

const callsPerPrice = 1000;
const place = 'unpublishedToolFee';

/** USD of a request with so many calls of a tool, paid by the call or the request. */
export const usdAt = ({ unit, usd }: FeeRow, calls: number): number =>
  ((unit === '1000 prompts' ? Math.min(1, calls) : calls) * usd) / callsPerPrice;

/** The tool that a provider's own name for it stands for. */
export const toolCalled = (name: string, { fees }: Pick<Tables, 'fees'>): string =>
  fees.find(({ fee }) => fee === name)?.tool ?? name;

/** The fee of a provider for calls of a tool; null: it publishes none. */
export const feeAt = (tool: string, seller: Seller, { fees }: Pick<Tables, 'fees'>): FeeRow | null =>
  fees.find(
    (row) => row.tool === tool && row.provider === seller?.provider && seller.family.startsWith(row.familyPrefix ?? ''),
  ) ?? null;

/** The lowest and highest known fees for the calls of a request, USD. */
export function knownFees({ tool, calls }: ToolCalls, { fees }: Pick<Tables, 'fees'>) {
  const known = fees.filter((row) => row.tool === tool).map((row) => ({ row, usd: usdAt(row, calls) }));
  const sorted = known.sort((a, b) => a.usd - b.usd);
  return { lowest: sorted[0] ?? null, highest: sorted.at(-1) ?? null };
}

/** Whether neither the provider nor the scenario says what calls of a tool cost. */
export const isFeeUnknown = ({ tool, ownUsd }: ToolCalls, seller: Seller, tables: Pick<Tables, 'fees'>): boolean =>
  ownUsd === null && feeAt(tool, seller, tables) === null;

/**
 * USD of a request for its calls of tools: at the provider's published fee, else at the user's; without either, at a
 * place between the lowest and the highest known fee.
 */
export function toolsUsd({ tools = [] }: Pick<TaskPart, 'tools'>, seller: Seller, context: Fees): number {
  let usd = 0;
  for (const calls of tools) usd += callsUsd(calls, seller, context);
  return usd;
}

function callsUsd(calls: ToolCalls, seller: Seller, { tables, workload }: Fees): number {
  const listed = feeAt(calls.tool, seller, tables);
  if (listed !== null) return usdAt(listed, calls.calls);
  if (calls.ownUsd !== null) return calls.calls * calls.ownUsd;
  const { lowest, highest } = knownFees(calls, tables);
  const least = lowest?.usd ?? 0;
  return least + workload.assume(place) * ((highest?.usd ?? 0) - least);
}

const toolFormula = (tool: string, isUnknown: boolean) =>
  monthly(
    `tools.${tool}`,
    `Calls of ${tool}${isUnknown ? ' (no fee is published: the highest known)' : ''}`,
    'requests/month x USD of a request for its calls: calls x the fee of one',
  );

/** Lines for calls of tools, one a tool; those of a retried request are billed once. */
export function toolLines(taskParts: readonly TaskPart[], seller: Seller, context: Context): CostLine[] {
  const { workload, tables } = context;
  const called = [...new Set(taskParts.flatMap(({ tools = [] }) => tools.map(({ tool }) => tool)))];
  return called.map((tool) => {
    const parts = taskParts.flatMap((taskPart) => {
      const calls = taskPart.tools?.find((one) => one.tool === tool);
      return calls === undefined ? [] : [{ taskPart, calls }];
    });
    const isUnknown = parts.some(({ calls }) => isFeeUnknown(calls, seller, tables));
    const paid = parts.map(({ taskPart, calls }) => {
      const amount = tracedCalls(calls, taskPart, seller, context);
      return { taskPart, usd: amount.value, amount: () => amount };
    });
    const line = requestsLine(toolFormula(tool, isUnknown), paid, workload);
    return isUnknown ? { ...line, rateAssumed: true } : line;
  });
}

/** What `callsUsd` is made of. */
function tracedCalls(calls: ToolCalls, { task }: TaskPart, seller: Seller, context: Context): Traced {
  const { tool, ownUsd } = calls;
  const label = `calls of ${tool} of a request`;
  const unit = 'USD/request';
  const count = stated(`calls of ${tool}`, calls.calls, 'calls/request', `tasks.${task}.tools.${tool}`);
  const listed = feeAt(tool, seller, context.tables);
  if (listed !== null) {
    const fee = given(`fee of ${listed.provider}`, listed.usd / callsPerPrice, 'USD/call', {
      table: 'fees',
      row: listed.row,
    });
    if (listed.unit !== '1000 prompts') return product(label, unit, count, fee);
    return product(
      label,
      unit,
      smallest('prompts that call it', 'prompts', count, given('a prompt', 1, 'prompts')),
      fee,
    );
  }
  if (ownUsd !== null)
    return product(label, unit, count, stated('own fee', ownUsd, 'USD/call', `tasks.${task}.fees.perToolCall.${tool}`));
  const end = (name: string, known: ReturnType<typeof knownFees>['lowest']): Traced =>
    given(name, known?.usd ?? 0, unit, ...(known === null ? [] : [{ table: 'fees' as const, row: known.row.row }]));
  const { lowest, highest } = knownFees(calls, context.tables);
  return predicted(
    `${label}, whose fee nobody publishes`,
    callsUsd(calls, seller, context),
    unit,
    'lowest of any provider that is known + place in the range x (highest - lowest)',
    [
      count,
      end('lowest for such calls', lowest),
      end('highest for such calls', highest),
      parameter('place in that range', place, context),
    ],
  );
}

const ownFormula = monthly('other.fee', 'Own fee of a request', 'requests/month x USD of each');

/** What one pays oneself for each request, wherever it is answered. */
export function ownFeeLines(taskParts: readonly TaskPart[], { workload }: Context): CostLine[] {
  const paid = taskParts.flatMap((taskPart) => {
    const { task, cut, requestFeeUsd: usd = 0 } = taskPart;
    const label = `fee of ${task}${cut ? ', over all places that its requests take' : ''}`;
    const amount = () => stated(label, usd, 'USD/request', `tasks.${task}.fees.perRequest`);
    return usd === 0 ? [] : [{ taskPart, usd, amount }];
  });
  return paid.length === 0 ? [] : [requestsLine(ownFormula, paid, workload)];
}
