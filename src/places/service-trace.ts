import { matches } from '../capacity/efficiency.js';
import { type Engine, settingOn } from '../capacity/replica.js';
import { tokensOf } from '../cost/slice-trace.js';
import { given, parameter, predicted, product, quotient, stated, sumOf, type Traced } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Origin } from '../tables/tables.js';
import type { Slice } from '../workload/demand.js';
import { measuredOf, measuredPath } from '../workload/measured.js';
import type { FleetUnit, Option } from './option.js';
import type { Case, SliceService, TracedService } from './placement.js';
import { tracedReasoning } from './tokens-written.js';

export const nothingSeen: TracedService = { ttftP95Ms: null, tokensPerSecond: null, unitRequestsPerS: null };

const msPerSecond = 1000;

/** A model in a scheme on a kind of card. */
type Machine = Pick<FleetUnit, 'model' | 'scheme' | 'accelerator'>;

/** Model, scheme, cards and the calibrated factors: the rows that a prediction of a machine rests on. */
function rowsOf(machine: Machine | null, engine: Engine): Origin[] {
  if (machine === null) return [];
  const { model, scheme, accelerator } = machine;
  const setting = settingOn(accelerator, engine);
  return [
    { table: 'models', row: model.row },
    { table: 'quantization', row: scheme.row },
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
function measuredOn({ family }: Pick<Option, 'family'>, card: string, { demand: { measured } }: Case): Traced[] {
  const ofPredicted = measuredOf(measured, family, card);
  if (ofPredicted === null) return [];
  const index = measured.findIndex(({ model, accelerator }) => model === family && accelerator === card);
  return [stated(`${family} on ${card}, measured over predicted`, ofPredicted, 'x predicted', measuredPath(index))];
}

/** The same of the machines of an option. */
const measuredOnFleet = (option: Option, of: Case): Traced[] =>
  option.fleet === null ? [] : measuredOn(option, option.fleet.accelerator.accelerator, of);

/** Tokens of one request as a machine is told them. */
function tokensTold(option: Option, slice: Slice, of: Case): Traced[] {
  const { input, output } = tokensOf(slice, of.demand);
  const reasoning = tracedReasoning(option, slice, of);
  return [input, output, ...(reasoning.value === 0 ? [] : [reasoning])];
}

/** Requests a second that a unit of a fleet serves at saturation, with what the prediction was told. */
export function tracedCapacity(option: Option, slice: Slice, seen: SliceService, engine: Engine, of: Case): Traced {
  const limit = seen.limitedBy === null ? '' : `; limited by ${seen.limitedBy}`;
  return predicted(
    `requests of ${slice.task} a unit serves at saturation`,
    seen.unitRequestsPerS ?? 0,
    'requests/s per unit',
    `capacity model: ${machineOf(option, engine)}${limit}`,
    [...tokensTold(option, slice, of), ...measuredOnFleet(option, of)],
    ...rowsOf(option.fleet, engine),
  );
}

/** Seconds of a request that has a machine to itself, with what the prediction was told. */
export const tracedAlone = (option: Option, slice: Slice, seconds: number, engine: Engine, of: Case): Traced =>
  predicted(
    `a request of ${slice.task} alone`,
    seconds,
    's',
    `capacity model: ${machineOf(option, engine)}`,
    [...tokensTold(option, slice, of), ...measuredOnFleet(option, of)],
    ...rowsOf(option.fleet, engine),
  );

/** What one user sees of a kind of device that does nothing else; `engine` and `throttled` as the prediction has them. */
export function deviceService(
  option: Option,
  slice: Slice,
  seen: Pick<SliceService, 'ttftP95Ms' | 'tokensPerSecond'>,
  { accelerator, engine, throttled }: { accelerator: AcceleratorRow; engine: Engine; throttled: boolean },
  of: Case,
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
          [...tokensTold(option, slice, of), ...inputs, ...measuredOn(option, device, of)],
          ...rowsOf({ ...onDevices, accelerator }, engine),
        );
  const warm = throttled
    ? [parameter('speed left when it has warmed up', 'onDeviceSustainedFractionAfterThrottle', of)]
    : [];
  return {
    ttftP95Ms: told(`first token of ${slice.task} on ${device}, p95`, seen.ttftP95Ms, 'ms', [
      parameter('spread of prompts', 'inputLengthSpread', of),
      parameter('spread of answers', 'outputLengthSpread', of),
    ]),
    tokensPerSecond: told(`speed of an answer on ${device}`, seen.tokensPerSecond, 'tokens/s', warm),
  };
}

/** What is seen of a machine of our own at its load. */
export function machineService(
  option: Option,
  slice: Slice,
  seen: SliceService,
  engine: Engine,
  of: Case,
): TracedService {
  const told = (label: string, value: number | null, unit: string) =>
    value === null
      ? null
      : predicted(
          label,
          value,
          unit,
          `queueing model at the load it is sized for: ${machineOf(option, engine)}`,
          [
            parameter('highest load', 'highestLoad', of),
            parameter('network, there and back', 'rttSameRegion', of),
            ...measuredOnFleet(option, of),
          ],
          ...rowsOf(option.fleet, engine),
        );
  return {
    ttftP95Ms: told('first token, p95', seen.ttftP95Ms, 'ms'),
    tokensPerSecond: told('speed of an answer', seen.tokensPerSecond, 'tokens/s'),
    unitRequestsPerS: seen.unitRequestsPerS === null ? null : tracedCapacity(option, slice, seen, engine, of),
  };
}

/** What is seen of a provider: the middle of its band, the usual tail, a term for the prompt, reasoning first. */
export function apiService(option: Option, slice: Slice, of: Case): TracedService {
  const { demand, tables } = of;
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
  const reasoning = tracedReasoning(option, slice, of);
  const thinks = reasoning.value !== 0;
  if (median === null || (thinks && tokensPerSecond === null)) return { ...nothingSeen, tokensPerSecond };
  const parts = [
    product('first token of a short prompt', 'ms', median, parameter('p95 over median', 'apiTtftP95OverP50', of)),
    product(
      'time for the prompt',
      'ms',
      tokensOf(slice, demand).input,
      parameter('for each token; s per 1k tokens are ms per token', 'apiTtftExtraPer1kPromptTokens', of),
    ),
    ...(thinks && tokensPerSecond !== null
      ? [
          product(
            'time to reason',
            'ms',
            quotient('seconds to reason', 's', reasoning, tokensPerSecond),
            given('milliseconds in a second', msPerSecond, 'ms/s'),
          ),
        ]
      : []),
  ];
  return {
    ttftP95Ms: sumOf(`first token of ${slice.task}, p95`, 'ms', parts),
    tokensPerSecond,
    unitRequestsPerS: null,
  };
}
