import type { RequestColumns } from '../capacity/request-rate.js';
import { type ColumnsOf, columns } from '../units/columns.js';
import { filled } from '../units/float.js';
import type { Catalog } from './catalog.js';
import { mostDominators } from './dominators.js';

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
