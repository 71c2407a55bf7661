import { longPromptTokens } from '../capacity/queue/saturation.js';
import { type RequestColumns, requestColumns } from '../capacity/request-rate.js';
import { mediaTokens, promptToHold } from '../cost/prompt.js';
import type { Context, TaskService } from '../places/placement.js';
import { reasoningTokens } from '../places/service-trace.js';
import { type ColumnsOf, columns } from '../units/columns.js';
import { remembering } from '../units/memo.js';
import { filled } from '../units/numeric.js';
import { longestPrompt, onlyPart, type TaskPart } from '../workload/workload.js';
import type { Admitted } from './admitted.js';
import type { Catalog } from './catalog.js';
import { mostDominators } from './items.js';

/** Whether one item may stand for another that is no faster. */
export type StandsFor = (one: number, other: number) => boolean;
export const anyStandsFor: StandsFor = () => true;

const orderColumns = {
  /** Place in `requests`. */
  at: 'i',
  item: 'i',
  scheme: 'b',
  model: 'i',
  isMixture: 'b',
  layers: 'f',
  denseBytes: 'f',
  output: 'f',
  inFlightBytes: 'f',
  /** Per prompt: FLOP of tokens and of attention, and activation passes. */
  promptFlop: 'f',
  attentionFlop: 'f',
  passes: 'f',
  /** Per written token: FLOP, and cache bytes. */
  tokenFlop: 'f',
  cacheBytes: 'f',
} as const;

/** What requests take of items, those of least work first. */
export type Order = ColumnsOf<typeof orderColumns>;

/** Items by their work, without those that another one stands for (`standsFor`; null: all are kept). */
export function inOrderOfWork(
  catalog: Pick<Catalog, 'items' | 'dominators'>,
  requests: RequestColumns,
  standsFor: StandsFor | null,
): Order {
  const { items, dominators } = catalog;
  const work = filled(requests.items.length, (at) => {
    const item = requests.items[at] as number;
    const written = (items.decodeParams[item] as number) + (items.weightBytes[item] as number);
    const read = (requests.freshTokens[at] as number) * (items.prefillParams[item] as number);
    return read + (requests.outputTokens[at] as number) * written;
  });
  const placeOf = new Int32Array(items.count).fill(-1);
  for (let at = 0; at < requests.items.length; at++) placeOf[requests.items[at] as number] = at;
  const isUseful = (at: number): boolean => {
    if (standsFor === null) return true;
    const item = requests.items[at] as number;
    for (let k = item * mostDominators; k < (item + 1) * mostDominators; k++) {
      const one = dominators[k] as number;
      if (one === -1) return true;
      const other = placeOf[one] as number;
      if (other === -1 || requests.freshTokens[other] !== requests.freshTokens[at]) continue;
      if (requests.outputTokens[other] === requests.outputTokens[at] && standsFor(one, item)) return false;
    }
    return true;
  };
  const useful = new Int32Array(requests.items.length);
  let count = 0;
  for (let at = 0; at < useful.length; at++) if (isUseful(at)) useful[count++] = at;
  const places = useful.slice(0, count).sort((a, b) => (work[a] as number) - (work[b] as number) || a - b);
  return orderOf(places, catalog, requests);
}

/** The columns of some places of `requests`. */
export function orderOf(places: Int32Array, { items }: Pick<Catalog, 'items'>, requests: RequestColumns): Order {
  const order = columns(orderColumns, places.length);
  for (let place = 0; place < places.length; place++) {
    const at = places[place] as number;
    const item = requests.items[at] as number;
    const fresh = requests.freshTokens[at] as number;
    const layers = items.layers[item] as number;
    order.at[place] = at;
    order.item[place] = item;
    order.scheme[place] = items.scheme[item] as number;
    order.model[place] = items.model[item] as number;
    order.isMixture[place] = (items.expertBytes[item] as number) > 0 ? 1 : 0;
    order.layers[place] = layers;
    order.denseBytes[place] = items.denseBytes[item] as number;
    order.output[place] = requests.outputTokens[at] as number;
    order.inFlightBytes[place] = requests.inFlightBytes[at] as number;
    order.promptFlop[place] = 2 * fresh * (items.prefillParams[item] as number);
    order.attentionFlop[place] = requests.attentionFlop[at] as number;
    order.passes[place] = fresh * layers * (items.hiddenSize[item] as number);
    order.tokenFlop[place] = 2 * (items.decodeParams[item] as number);
    order.cacheBytes[place] = requests.decodingBytes[at] as number;
  }
  return order;
}

/** Tokens written by family, reasoning included. */
export const writtenBy = (
  { families }: Pick<Catalog, 'families'>,
  taskPart: TaskPart,
  context: Context,
): Float64Array =>
  Float64Array.from(
    families,
    ({ option }) => taskPart.tokens.output + reasoningTokens(option, taskPart, context.workload),
  );

/** By family, 1 where it holds prompt and answer. */
export const holdsContext = (
  { families }: Pick<Catalog, 'families'>,
  written: Float64Array,
  taskPart: TaskPart,
  context: Context,
): Uint8Array =>
  Uint8Array.from(families, ({ option }, at) =>
    (option.contextTokens ?? Number.NaN) >= promptToHold(option.family, taskPart, context) + (written[at] as number)
      ? 1
      : 0,
  );

/** Whether what holds prompt and answer is looked at, or the rest. */
export type Length = 'held' | 'too-long';

/** What requests take of items that hold prompt and answer, or do not. */
export function requestsOn({ catalog, items: chosen }: Admitted, context: Context, length: Length): RequestColumns {
  const { items, families } = catalog;
  const { workload } = context;
  const taskPart = onlyPart(workload);
  const { tokens } = taskPart;
  const sigma = workload.assume('inputLengthSpread');
  const written = writtenBy(catalog, taskPart, context);
  const holds = holdsContext(catalog, written, taskPart, context);
  const familyOf = (item: number): number => items.family[item] as number;
  return requestColumns(
    items,
    chosen.filter((item) => (holds[familyOf(item)] === 1) === (length === 'held')),
    {
      inputTokens: tokens.input,
      cachedTokens: tokens.prefix * (tokens.cacheHitRate ?? workload.assume('ownPrefixCacheHit')),
      longestInputTokens: longestPrompt(tokens),
      longInputTokens: remembering((mean) => longPromptTokens({ mean, sigma, max: null })),
      ...((tokens.images !== null || tokens.audioSeconds !== undefined) && {
        imageTokens: (item) => mediaTokens(families[familyOf(item)]?.option.family ?? '', taskPart, context),
      }),
      writtenTokens: (item) => written[familyOf(item)] as number,
    },
    workload.assume('pagedKvOverhead'),
  );
}

/** What targets on latency leave of a model on a machine, in requests a second; 0: nothing. */
export type Queue = {
  perSecond: number;
  cards: number;
  /** Of a worker: what is seen once it runs. */
  warm?: TaskService;
};

/** Queues by machine and item, as far as computed. */
export type QueueTable = ReadonlyMap<number, Queue>;

/** The key of a model on a unit, shared by machines of equal capacity. */
export const queueKey = (
  { offers, catalog }: Pick<Admitted, 'offers' | 'catalog'>,
  unit: number,
  item: number,
): number => (offers.units.machine[unit] as number) * catalog.items.count + item;

/** The key of a first token under load: a machine's model and cut; for workers also offer and volume. */
export type FirstTokenKey = number | string;
