import { matches, nearRows } from '../capacity/machine.js';
import { type Engine, measuredDecode, neighborQuery, settingOn } from '../capacity/replica.js';
import { highestLoadOf, tracedHighestLoad } from '../cost/fleet.js';
import { tokensOf } from '../cost/task-trace.js';
import {
  difference,
  given,
  parameter,
  predicted,
  product,
  quotient,
  stated,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/columns.js';
import type { Origin } from '../tables/tables.js';
import { msPerSecond } from '../units/month.js';
import { measuredOf, measuredPath, type TaskPart, type Workload } from '../workload/workload.js';
import { networkParameters } from './fleet-service.js';
import type { FleetUnit, Option } from './option.js';
import type { Context, TaskService, TracedService } from './placement.js';

export const nothingSeen: TracedService = { ttftP95Ms: null, tokensPerSecond: null, unitRequestsPerS: null };

/** A model in a scheme on a kind of card. */
type Machine = Pick<FleetUnit, 'weights' | 'accelerator'>;

/** Model, scheme, cards and calibrated factors: the rows behind a machine's prediction. */
function rowsOf(machine: Machine | null, engine: Engine): Origin[] {
  if (machine === null) return [];
  const { weights, accelerator } = machine;
  const setting = settingOn(accelerator, engine);
  return [
    { table: 'models', row: weights.model.row },
    { table: 'quantization', row: weights.scheme.row },
    { table: 'accelerators', row: accelerator.row },
    { table: 'engines', row: engine.row.row },
    ...engine.efficiency
      .filter((row) => matches(row, setting))
      .map(({ row }) => ({ table: 'efficiency' as const, row })),
  ];
}

const machineOf = ({ model, quantization, hardware, fleet }: Option, { row }: Engine): string =>
  `${model}${quantization === null ? '' : ` in ${quantization}`} on ${fleet?.gpusPerUnit ?? 0} x ${hardware}, ${fleet?.gpusPerReplica ?? 0} to a replica, under ${row.engine}`;

/** What the user measured of a model on a kind of card, where somebody did. */
function measuredOn({ family }: Pick<Option, 'family'>, card: string, { workload: { measured } }: Context): Traced[] {
  const ofPredicted = measuredOf(measured, family, card);
  if (ofPredicted === null) return [];
  const index = measured.findIndex(({ model, accelerator }) => model === family && accelerator === card);
  return [stated(`${family} on ${card}, measured over predicted`, ofPredicted, 'x predicted', measuredPath(index))];
}

/** The same of the machines of an option. */
const measuredOnFleet = (option: Option, engine: Engine, context: Context): Traced[] =>
  option.fleet === null
    ? []
    : [...publishedOn(option.fleet, engine), ...measuredOn(option, option.fleet.accelerator.accelerator, context)];

/** Published decode time of a model and engine on such cards over the predicted, where known. */
function publishedOn({ weights: { model }, accelerator }: Machine, engine: Engine): Traced[] {
  const rows = nearRows(engine.residuals, neighborQuery(engine, model, accelerator));
  if (rows.length === 0) return [];
  return [
    predicted(
      `${model.family} on ${accelerator.accelerator}, time of decode by published measurements`,
      measuredDecode(engine, model, accelerator),
      'x computed',
      `published measurements, ${engine.row.group}`,
      [],
      ...rows.map(({ row }) => ({ table: 'residuals' as const, row })),
    ),
  ];
}

/** Tokens of one request as a machine sees them. */
function tokensTold(option: Option, taskPart: TaskPart, context: Context): Traced[] {
  const { input, output } = tokensOf(taskPart, context.workload);
  const reasoning = tracedReasoning(option, taskPart, context);
  return [input, output, ...(reasoning.value === 0 ? [] : [reasoning])];
}

/** A figure that is predicted of the machines of an option. */
const ofMachines = (
  [label, value, unit]: [label: string, value: number, unit: string],
  how: string,
  inputs: readonly Traced[],
  option: Option,
  engine: Engine,
  context: Context,
): Traced =>
  predicted(
    label,
    value,
    unit,
    how,
    [...inputs, ...measuredOnFleet(option, engine, context)],
    ...rowsOf(option.fleet, engine),
  );

/** Requests a second of a unit at saturation, with the inputs of the prediction. */
export function tracedCapacity(
  option: Option,
  taskPart: TaskPart,
  { limitedBy, unitRequestsPerS }: TaskService,
  engine: Engine,
  context: Context,
): Traced {
  const how = `capacity model: ${machineOf(option, engine)}${limitedBy === null ? '' : `; limited by ${limitedBy}`}`;
  const label = `requests of ${taskPart.task} a unit serves at saturation`;
  const figure: Parameters<typeof ofMachines>[0] = [label, unitRequestsPerS ?? 0, 'requests/s per unit'];
  return ofMachines(figure, how, tokensTold(option, taskPart, context), option, engine, context);
}

/** Seconds of a request alone on a machine, with the inputs of the prediction. */
export function tracedAlone(
  option: Option,
  taskPart: TaskPart,
  seconds: number,
  engine: Engine,
  context: Context,
): Traced {
  const how = `capacity model: ${machineOf(option, engine)}`;
  const told = tokensTold(option, taskPart, context);
  return ofMachines([`a request of ${taskPart.task} alone`, seconds, 's'], how, told, option, engine, context);
}

/** Service of one user on an idle device; `engine` and `throttled` as in the prediction. */
export function deviceService(
  option: Option,
  taskPart: TaskPart,
  seen: Pick<TaskService, 'ttftP95Ms' | 'tokensPerSecond'>,
  { accelerator, engine, throttled }: { accelerator: AcceleratorRow; engine: Engine; throttled: boolean },
  context: Context,
): Pick<TracedService, 'ttftP95Ms' | 'tokensPerSecond'> {
  const { onDevices } = option;
  const device = accelerator.accelerator;
  const told = (label: string, value: number | null, unit: string, inputs: readonly Traced[]) =>
    value === null || onDevices === null
      ? null
      : predicted(
          label,
          value,
          unit,
          `one request at a time: ${option.model} in ${onDevices.scheme.scheme} on ${device}, under ${engine.row.engine}`,
          [...tokensTold(option, taskPart, context), ...inputs, ...measuredOn(option, device, context)],
          ...rowsOf({ weights: onDevices, accelerator }, engine),
        );
  const warm = throttled
    ? [parameter('speed left when it has warmed up', 'onDeviceSustainedFractionAfterThrottle', context)]
    : [];
  return {
    ttftP95Ms: told(`first token of ${taskPart.task} on ${device}, p95`, seen.ttftP95Ms, 'ms', [
      parameter('spread of prompts', 'inputLengthSpread', context),
      parameter('spread of answers', 'outputLengthSpread', context),
    ]),
    tokensPerSecond: told(`speed of an answer on ${device}`, seen.tokensPerSecond, 'tokens/s', warm),
  };
}

/** What is seen of a machine of our own at its load. */
export function machineService(
  option: Option,
  taskPart: TaskPart,
  seen: TaskService,
  engine: Engine,
  context: Context,
): TracedService {
  const how = `queueing model at the load it is sized for: ${machineOf(option, engine)}`;
  const inputs = [
    tracedHighestLoad(taskPart, context),
    ...networkParameters.map(({ label, name }) => parameter(label, name, context)),
  ];
  const told = (label: string, value: number | null, unit: string) =>
    value === null ? null : ofMachines([label, value, unit], how, inputs, option, engine, context);
  return {
    ttftP95Ms: told('first token, p95', seen.ttftP95Ms, 'ms'),
    tokensPerSecond: told('speed of an answer', seen.tokensPerSecond, 'tokens/s'),
    unitRequestsPerS: seen.unitRequestsPerS === null ? null : tracedCapacity(option, taskPart, seen, engine, context),
  };
}

/** A provider's service: the middle of its band, the usual tail, a term for the prompt, reasoning first. */
export function apiService(option: Option, taskPart: TaskPart, context: Context): TracedService {
  const { workload, tables } = context;
  const band = tables.serviceOf.get(option.provider);
  if (band === undefined) return nothingSeen;
  const row: Origin = { table: 'services', row: band.row };
  const middle = (label: string, low: number | null, high: number | null, unit: string): Traced | null =>
    low === null || high === null
      ? null
      : predicted(label, Math.sqrt(low * high), unit, 'geometric middle of the band', [
          given('low end', low, unit, row),
          given('high end', high, unit, row),
        ]);
  const median = middle('median first token', band.ttftP50LowMs, band.ttftP50HighMs, 'ms');
  const tokensPerSecond = middle('speed of an answer', band.tokensPerSecondLow, band.tokensPerSecondHigh, 'tokens/s');
  const reasoning = tracedReasoning(option, taskPart, context);
  const thinks = reasoning.value !== 0;
  if (median === null || (thinks && tokensPerSecond === null)) return { ...nothingSeen, tokensPerSecond };
  const seconds =
    thinks && tokensPerSecond !== null ? quotient('seconds to reason', 's', reasoning, tokensPerSecond) : null;
  const perToken = 'for each token; s per 1k tokens are ms per token';
  return {
    ttftP95Ms: sumOf(`first token of ${taskPart.task}, p95`, 'ms', [
      product(
        'first token of a short prompt',
        'ms',
        median,
        parameter('p95 over median', 'apiTtftP95OverP50', context),
      ),
      product(
        'time for the prompt',
        'ms',
        tokensOf(taskPart, workload).input,
        parameter(perToken, 'apiTtftExtraPer1kPromptTokens', context),
      ),
      seconds && product('time to reason', 'ms', seconds, given('milliseconds in a second', msPerSecond, 'ms/s')),
    ]),
    tokensPerSecond,
    unitRequestsPerS: null,
  };
}

// A share of 1 would leave nothing of the answer.
const mostlyReasoning = 0.99;

/**
 * Reasoning tokens of one request: none in standard mode; as the user gave them, else visible x s / (1 - s) with s =
 * the model's share of reasoning in its output (measured on hard tests) x the effort everyday work needs.
 */
export function reasoningTokens(
  option: Pick<Option, 'mode' | 'capability'>,
  taskPart: TaskPart,
  workload: Workload,
): number {
  if (option.mode === 'standard') return 0;
  if (taskPart.tokens.reasoning !== null) return taskPart.tokens.reasoning;
  const share = Math.min(
    mostlyReasoning,
    (option.capability?.reasoningTokenShare ?? workload.assume('reasoningShareUnknown')) *
      workload.assume('reasoningEffort'),
  );
  return (taskPart.tokens.output * share) / (1 - share);
}

/** What the reasoning tokens of one request are made of. */
export function tracedReasoning(
  option: Pick<Option, 'mode' | 'capability'>,
  taskPart: TaskPart,
  context: Context,
): Traced {
  const { workload } = context;
  const unit = 'tokens/request';
  const tokens = reasoningTokens(option, taskPart, workload);
  if (option.mode === 'standard') return given('reasoning', tokens, unit);
  if (taskPart.tokens.reasoning !== null)
    return stated('reasoning', tokens, unit, `tasks.${taskPart.task}.tokens.reasoning`);
  const row = option.capability;
  const known = row?.reasoningTokenShare ?? null;
  const share = product(
    'share of the output that is reasoning',
    'fraction',
    known === null || row === null
      ? parameter('share where no test says it', 'reasoningShareUnknown', context)
      : given('share on hard tests', known, 'fraction', { table: 'capability', row: row.row }),
    parameter('effort of everyday work', 'reasoningEffort', context),
  );
  const capped = share.value > mostlyReasoning ? given('share, at most', mostlyReasoning, 'fraction') : share;
  return product(
    'reasoning',
    unit,
    tokensOf(taskPart, workload).output,
    quotient(
      'reasoning over answer',
      'ratio',
      capped,
      difference('share that is answer', 'fraction', given('all output', 1, 'fraction'), capped),
    ),
  );
}

/** A task on a replica: requests a second at saturation, its share of the work, and its prompt's seconds. */
export type Sharer = {
  taskPart: TaskPart;
  requestsPerS: number;
  workShare: number;
  promptS: number;
  ttftP95AloneMs: number;
};

/** Latest first token (ms) of a task on a shared machine: its target, or a multiple of its preset's; null: any. */
export function latestBeside({ needs, waits }: TaskPart, { assume }: Workload): number | null {
  if (needs.ttftP95Ms?.by === 'user') return needs.ttftP95Ms.value;
  return needs.presetTtftP95Ms === null || waits !== null ? null : needs.presetTtftP95Ms * assume('softLatencyTimes');
}

/**
 * Whether every task keeps its first token where its prompts wait for those of others, on replicas at the load of their
 * size. A target that a task misses alone does not count.
 */
export const mayShare = (sharers: readonly Sharer[], workload: Workload): boolean =>
  sharers.every((one) => {
    const latest = latestBeside(one.taskPart, workload);
    if (latest === null || one.ttftP95AloneMs > latest) return true;
    const others = sharers
      .filter((other) => other !== one)
      .map(({ taskPart, requestsPerS, workShare, promptS }) => ({
        perS: workShare * requestsPerS * highestLoadOf(taskPart, workload),
        promptS,
      }));
    return one.ttftP95AloneMs + waitForPromptsP95S(others) * msPerSecond <= latest;
  });

/** Prompts of one task on a replica: rate a second, and seconds of each. */
type PromptLoad = { perS: number; promptS: number };

const tail = 0.05;

/**
 * Seconds that 95 % of a task's requests wait at most for prompts of other tasks on the replica, approximately: an
 * engine prefills one prompt after the other. Arrivals during one of task j (for rho_j = rate x seconds of the time)
 * wait for the rest of it, S_j (1 - 0.05 / rho_j) for all but a twentieth; and in the mean for those before it, sum of
 * rate S^2 / (2 (1 - rho)) as in Pollaczek and Khinchine. Infinite where the prompts alone overload the replica.
 */
export function waitForPromptsP95S(others: readonly PromptLoad[]): number {
  let [busy, square, longest] = [0, 0, 0];
  for (const { perS, promptS } of others) {
    const share = perS * promptS;
    busy += share;
    square += share * promptS;
    if (share > tail) longest = Math.max(longest, promptS * (1 - tail / share));
  }
  return busy >= 1 ? Number.POSITIVE_INFINITY : longest + square / (2 * (1 - busy));
}
