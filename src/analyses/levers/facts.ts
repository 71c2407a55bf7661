import { requestsPerMonthPerDaily } from '../../cost/curve.js';
import { foundTokens } from '../../cost/task-trace.js';
import type { Plan } from '../../decide/plan.js';
import { placementOf } from '../../places/registry.js';
import { reasoningTokens } from '../../places/tokens-written.js';
import type { Facts } from '../../tables/condition.js';
import { rentalForms } from '../../tables/price-columns.js';
import type { LeverFact } from '../../tables/row-facts.js';
import type { Tables } from '../../tables/tables.js';
import { keptOf, oneTurn } from '../../workload/conversation.js';
import type { Scenario } from '../../workload/schema.js';
import { hasTarget, isDevelopment, type TaskPart, type Workload } from '../../workload/workload.js';

const tokensPerPrice = 1e6;
const formsWith = (isTerm: boolean): string[] =>
  rentalForms.flatMap(({ purchase, months }) => (months > 0 === isTerm ? [purchase] : []));
const [onDemand, terms] = [formsWith(false), formsWith(true)];

/** Facts that levers read and set for one task: tokens of a turn, and of its plan. */
export function leverFacts(
  taskPart: TaskPart,
  {
    scenario,
    workload,
    plan,
    tables,
    type,
  }: { scenario: Scenario; workload: Workload; plan: Plan; tables: Tables; type: string },
): Facts {
  const { task, needs, divisible, requestsPerDay, tokens } = taskPart;
  const { assume } = workload;
  const turns = workload.inputs.find(({ path }) => path === 'workload.turns')?.value.likely ?? 1;
  const kept = keptOf(turns, assume);
  const turn = oneTurn(tokens, { turns, kept });
  const served = plan.deployments.filter(({ taskParts }) => taskParts.some((one) => one.task === task));
  const found = foundTokens(workload);
  const trimmedInput = Math.max(0, turn.input * (1 - assume('promptTrim')) - found);
  const sharedPrefix = (turn.input - found) * assume('promptCacheableShare');
  // The last turn of a conversation sends most again.
  const longest = tokens.prefix - turn.prefix + sharedPrefix + tokens.longestInput - tokens.input;
  const onMachine = served.some(({ option }) => !placementOf(option.kind).perToken);
  const tiers = [...tables.tiers].sort((a, b) => a.fromIndex - b.fromIndex);
  const own = tiers.findLastIndex(({ fromIndex }) => fromIndex <= needs.capability.need);
  const reasoning = Math.max(0, ...served.map(({ option }) => reasoningTokens(option, taskPart, workload)));
  const excluded = scenario.preferences?.exclude ?? [];
  const purchases = plan.deployments.map(({ option }) => option.purchase ?? '');
  const facts: Record<LeverFact, number | string> = {
    sensitivity: needs.sensitivity,
    uncachedRequests: requestsPerDay * (1 - assume('semanticCacheHitRate')),
    embeddingUsd:
      (requestsPerDay *
        requestsPerMonthPerDaily(taskPart, workload) *
        (tokens.input - tokens.prefix) *
        assume('semanticCacheEmbeddingUsdPerMTok')) /
      tokensPerPrice,
    promptTokens: turn.input,
    trimmedInput,
    trimmedPrefix: Math.min(trimmedInput, turn.prefix * (1 - assume('promptTrim'))),
    outputTokens: turn.output,
    trimmedOutput: turn.output * (1 - assume('outputTrim')),
    reasoning: reasoning === 0 ? 'none' : reasoning,
    turns,
    lessHistory: kept * assume('historyKeptShare'),
    prefix: turn.prefix,
    sharedPrefix,
    cacheable: longest >= assume('promptCacheMinTokens') || onMachine ? 'yes' : 'no',
    mayWait: tables.taskOf.get(type)?.batchable === true && !hasTarget(taskPart) ? 'yes' : 'no',
    batched: taskPart.batchable ? 'yes' : 'no',
    easy: divisible?.easy === undefined ? 'no' : 'yes',
    easierIndex: tiers[own - 1]?.fromIndex ?? 0,
    tuned: divisible?.tuned === undefined ? 'no' : 'yes',
    rented: purchases.some((one) => onDemand.includes(one)) ? 'yes' : 'no',
    onDemand: [...excluded, ...onDemand].join(', '),
    terms: [...excluded, ...terms].join(', '),
  };
  return new Map(Object.entries(facts));
}

/** Settings for other task volumes: a common volume with shares, or a task's own. */
export function volumeSettings(then: ReadonlyMap<string, number>, { taskParts }: Workload): string[] {
  const whole = taskParts.filter((one) => !isDevelopment(one));
  const scaling = whole.filter(({ scales }) => scales);
  const requestsThen = ({ task, requestsPerDay }: TaskPart): number => then.get(task) ?? requestsPerDay;
  const common = scaling.reduce((sum, one) => sum + requestsThen(one), 0);
  const isMoved = scaling.some(({ task }) => then.has(task));
  return [
    ...(isMoved ? [`workload.volume=${common} requests/day`] : []),
    ...(isMoved && scaling.length > 1
      ? scaling.map((one) => `tasks.${one.task}.share=${requestsThen(one) / common}`)
      : []),
    ...whole
      .filter(({ scales, task }) => !scales && then.has(task))
      .map((one) => `tasks.${one.task}.volume=${requestsThen(one)} requests/day`),
  ];
}

/** Volumes in tokens as requests, which stay where a lever changes their tokens. */
export function heldVolumes({ workload: written, tasks }: Scenario, workload: Workload): string[] {
  const inTokens = (volume: { of?: string } | undefined): boolean => volume?.of === 'tokens';
  const own = workload.taskParts.filter(
    (one) => !isDevelopment(one) && inTokens(tasks.find(({ name, type }) => (name ?? type) === one.task)?.volume),
  );
  return [
    ...(inTokens(written.volume) ? [`workload.volume=${workload.requestsPerDay} requests/day`] : []),
    ...own.map(({ task, requestsPerDay }) => `tasks.${task}.volume=${requestsPerDay} requests/day`),
  ];
}
