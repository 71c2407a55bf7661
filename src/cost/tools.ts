import { monthly } from '../formula/formula.js';
import { given, parameter, predicted, product, smallest, stated, type Traced } from '../formula/traced.js';
import type { FeeRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import type { TaskPart, ToolCalls, Workload } from '../workload/workload.js';
import type { CostLine } from './curve.js';
import { requestsLine } from './lines.js';

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
