import type { MachineColumns, RequestColumns } from '../capacity/request-rate.js';
import type { Bundles } from './bundles.js';
import type { ItemTable } from './item-table.js';

/** Places of useful items and of the others; and of each of these one that stands for it (-1: it is useful itself). */
export type UsefulItems = { places: Int32Array; others: Int32Array; standIn: Int32Array };

/** Cards of a replica that models are cut into. */
const cuts = [1, 2, 4, 8, 16];

/**
 * Of some items (as places in `items`) those that no other one is at least as fast as on every machine, with no more disk: nothing else
 * can be the cheapest model of a machine. An item stands for another one if it serves all tasks that the other serves, and asks no more
 * of a machine in any term of its rate for the same tokens.
 *
 * @param serves tasks of every item, as a set
 */
export function usefulItems(
  table: ItemTable,
  machines: MachineColumns,
  items: Int32Array,
  serves: Int32Array,
  requests: readonly RequestColumns[],
  bundles: Bundles,
): UsefulItems {
  const isNoSlower = schemesNoSlower(machines);
  const allowed = Int32Array.from(items, (item) => cutsOf(table.heads[item] as number));
  const order = Int32Array.from(items.keys()).sort(
    (a, b) => weightOf(table, items, a) - weightOf(table, items, b) || a - b,
  );
  const kept: number[] = [];
  const standIn = new Int32Array(items.length).fill(-1);
  for (const other of order) {
    const one = kept.find((first) => standsFor(first, other));
    if (one === undefined) kept.push(other);
    else standIn[other] = one;
  }
  const others = Int32Array.from(items.keys()).filter((place) => standIn[place] !== -1);
  return { places: Int32Array.from(kept).sort(), others, standIn };

  function standsFor(one: number, other: number): boolean {
    const [i, j] = [items[one] as number, items[other] as number];
    if (((serves[other] as number) & ~(serves[one] as number)) !== 0) return false;
    if (isNoSlower[(table.scheme[i] as number) * machines.schemes + (table.scheme[j] as number)] === 0) return false;
    if (table.batched[table.scheme[i] as number] !== table.batched[table.scheme[j] as number]) return false;
    if (
      !(
        noMore(table.decodeParams, i, j) &&
        noMore(table.prefillParams, i, j) &&
        noMore(table.denseBytes, i, j) &&
        noMore(table.expertBytes, i, j) &&
        noMore(table.layers, i, j) &&
        noMore(table.hiddenSize, i, j)
      )
    )
      return false;
    if ((table.expertBytes[i] as number) > 0 && table.logUntouched[i] !== table.logUntouched[j]) return false;
    const shared = allowed[other] as number;
    if ((shared & ~(allowed[one] as number)) !== 0) return false;
    for (const [task, columns] of requests.entries()) {
      if ((((serves[other] as number) >> (bundles.of[task] as number)) & 1) === 0) continue;
      // More tokens are more work, and yet more time between prompts: only the same number compares.
      if (columns.outputTokens[one] !== columns.outputTokens[other]) return false;
      if ((columns.attentionFlop[one] as number) > (columns.attentionFlop[other] as number)) return false;
      for (const [cut, cards] of cuts.entries()) {
        if (((shared >> cut) & 1) === 0) continue;
        const copies = copiesOn(table, i, cards) / copiesOn(table, j, cards);
        if (
          (columns.longestBytes[one] as number) * copies > (columns.longestBytes[other] as number) ||
          (columns.inFlightBytes[one] as number) * copies > (columns.inFlightBytes[other] as number) ||
          (columns.decodingBytes[one] as number) * splitOn(table, j, cards) >
            (columns.decodingBytes[other] as number) * splitOn(table, i, cards)
        )
          return false;
      }
    }
    return true;
  }
}

const weightOf = (table: ItemTable, items: Int32Array, place: number): number =>
  table.weightBytes[items[place] as number] as number;

const noMore = (column: Float64Array, one: number, other: number): boolean =>
  (column[one] as number) <= (column[other] as number);

/** Numbers of cards that divide the heads of a model, one bit for each. */
const cutsOf = (heads: number): number =>
  cuts.reduce((bits, cards, bit) => (cards === 1 || (heads > 0 && heads % cards === 0) ? bits | (1 << bit) : bits), 0);

/** How often a sequence's cache stands on so many cards, and into how many parts it is cut. */
const copiesOn = (table: ItemTable, item: number, cards: number): number =>
  table.latent[item] === 1 ? cards : Math.max(1, cards / (table.kvHeads[item] as number));
const splitOn = (table: ItemTable, item: number, cards: number): number =>
  table.latent[item] === 1 ? 1 : Math.max(1, Math.min(cards, table.kvHeads[item] as number));

/** By two schemes: 1 where the first runs no slower than the second wherever that runs. */
function schemesNoSlower(machines: MachineColumns): Uint8Array {
  const { schemes, runs, prefillFlops, decodeFlops, attentionFlops, weightBytesPerS, cacheBytesPerS } = machines;
  const noSlower = new Uint8Array(schemes * schemes);
  const columns = [prefillFlops, decodeFlops, attentionFlops, weightBytesPerS, cacheBytesPerS];
  for (let one = 0; one < schemes; one++) {
    for (let other = 0; other < schemes; other++) {
      let holds = 1;
      for (let at = 0; at < runs.length && holds === 1; at += schemes) {
        if (runs[at + other] === 0) continue;
        if (
          runs[at + one] === 0 ||
          columns.some((rates) => (rates[at + one] as number) < (rates[at + other] as number))
        )
          holds = 0;
      }
      noSlower[one * schemes + other] = holds;
    }
  }
  return noSlower;
}
