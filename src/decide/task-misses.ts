import { type Admitted, admit, bitOf } from '../core/admitted.js';
import { apiService } from '../core/api-bills.js';
import { apiPrices } from '../core/apis.js';
import { decided, type Prepared, prepared } from '../core/decide.js';
import { cheapest } from '../core/floors.js';
import { holdsContext, writtenBy } from '../core/order.js';
import { type Priced, price } from '../core/price.js';
import { optionAt } from '../core/rows.js';
import { shapeOf } from '../core/shape.js';
import { type Supply, supplyOf } from '../core/supply.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { context as contextRule } from '../rules/model.js';
import { gates } from '../rules/registry.js';
import type { Gate } from '../rules/rule.js';
import { ttft } from '../rules/service.js';
import { aloneIn } from '../several/tasks.js';
import { madeOnce } from '../units/memo.js';
import { onlyPart, type TaskPart } from '../workload/workload.js';
import { keptOffers } from './task-case.js';

/** Of what is cheapest without a rule so many are looked at. */
export const missesTried = 6;

/** What is cheapest without a rule, and the APIs that could be the whole plan then. */
export type Missing = { cheapest: readonly Option[]; apis: readonly Option[] };

/** What one rule alone excludes, by the bits of the core. */
type MissSource = {
  /** Whether a rule alone excludes some option, as far as known without a machine. */
  isAlone(rule: string): boolean;
  /** By task; null: under all rules. */
  without(rule: Gate | null): readonly Missing[];
};

export function missesIn(context: Context): MissSource {
  const supply = supplyOf(context);
  const alone = context.workload.taskParts.map((taskPart) => aloneIn(context, taskPart));
  const rules = alone.map((one) => rulesAlone(admit(supply, one, 'all'), one));
  const without = (rule: Gate | null) => alone.map((one) => turnedDownBy(supply, one, rule));
  const strict = madeOnce(() => without(null));
  return {
    isAlone: (rule) => rules.some((one) => one.has(rule)),
    without(rule) {
      const found = rule === null ? strict() : without(rule);
      const mayServe = found.map(({ apis }, s) => new Set([...apis, ...(strict()[s]?.apis ?? [])].map(({ id }) => id)));
      return found.map(({ cheapest, apis }, s) => {
        // What all rules on the task allow is as near, where only rules on the whole plan exclude it.
        const others = rule === null ? [] : (strict()[s]?.cheapest ?? []);
        return {
          cheapest: [...cheapest, ...others].sort((a, b) => a.usd - b.usd).map(({ option }) => option),
          apis: apis.filter(({ id }) => mayServe.every((may) => may.has(id))),
        };
      });
    },
  };
}

/** Rules about models and places that alone turn some option down: exactly one bit. */
function rulesAlone({ catalog, verdicts, apis }: Admitted, context: Context): ReadonlySet<string> {
  const taskPart = onlyPart(context.workload);
  const holds = holdsContext(catalog, writtenBy(catalog, taskPart, context), taskPart, context);
  const tooLong = bitOf(contextRule.id);
  const service = apiService(apis, context);
  const items = new Set(
    verdicts.items.map((bits, item) => bits | (holds[catalog.items.family[item] as number] === 1 ? 0 : tooLong)),
  );
  const found = new Set<number>(verdicts.apis.map((bits, api) => bits | (service.bits[api] as number)));
  for (const place of new Set(verdicts.places)) for (const item of items) found.add(place | item);
  return new Set(gates.filter((_, at) => found.has(1 << at)).map(({ id }) => id));
}

/** An option with what it costs, USD a month. */
type PricedOption = { option: Option; usd: number };

/** The cheapest options that a rule alone excludes, priced without it, and all APIs; null: what all rules allow. */
function turnedDownBy(
  supply: Supply,
  context: Context,
  rule: Gate | null,
): { cheapest: PricedOption[]; apis: Option[] } {
  const then = rule?.level === 'service' ? withoutTarget(context, rule) : context;
  const admitted = admit(supply, then, 'all');
  const some = rule === null || rule.level === 'service' ? admitted : turnedDown(admitted, rule, then);
  const start = prepared(shapeOf(some, then, rule?.id === contextRule.id ? 'too-long' : 'held'));
  const { apis } = start.rows;
  const { usd } = price(start.rows, start.shape, then.workload);
  const byUsd = Array.from({ length: apis }, (_, row) => row).sort((a, b) => (usd[a] as number) - (usd[b] as number));
  return { cheapest: cheapestOptions(start, then), apis: byUsd.map((row) => optionAt(start, row)) };
}

/** The case without the target of a rule on latency. */
export function withoutTarget(context: Context, { figure, id }: Gate): Context {
  const { workload } = context;
  const taskParts = workload.taskParts.map((taskPart) => ({
    ...taskPart,
    needs: {
      ...taskPart.needs,
      ...(figure && { [figure]: null }),
      ...(id === ttft.id && { presetTtftP95Ms: null }),
    },
  }));
  return { ...context, workload: { ...workload, taskParts } };
}

/** What exactly one rule excludes: places for a rule on places, else models. */
function turnedDown(admitted: Admitted, { id, level }: Gate, context: Context): Admitted {
  const { verdicts, offers, apis } = admitted;
  const bit = id === contextRule.id ? 0 : bitOf(id);
  const ofPlaces = level === 'provider';
  const [atPlace, atModel] = ofPlaces ? [bit, 0] : [0, bit];
  const at = (bits: Int32Array, wanted: number): Int32Array =>
    Int32Array.from(bits.keys()).filter((one) => bits[one] === wanted);
  const api = at(verdicts.apis, bit);
  return {
    ...admitted,
    items: at(verdicts.items, atModel),
    api,
    apiPrices: apiPrices(apis, api, context.workload.taskParts[0] as TaskPart, context),
    ...keptOffers(admitted, (offer) => verdicts.places[offers.place[offer] as number] === atPlace),
    availability: null,
  };
}

function cheapestOptions(start: Prepared, { workload }: Context): PricedOption[] {
  const found = new Map<string, PricedOption>();
  let now = start;
  const maskOf = (priced: Priced): Uint8Array =>
    Uint8Array.from(priced.usd, (_, row) => (found.has(keyOf(priced, row)) ? 0 : 1));
  while (found.size < missesTried) {
    const answer = decided(now, workload, (priced) => {
      const { priced: own, found: row } = cheapest(priced, maskOf(priced));
      return { priced: own, found: Int32Array.of(row) };
    });
    now = answer.prepared;
    const [row = -1] = answer.found;
    if (row < 0) break;
    const usd = answer.priced.usd[row] as number;
    found.set(keyOf(answer.priced, row), { option: optionAt(answer.priced, row), usd });
  }
  return [...found.values()];
}

const keyOf = ({ rows }: Priced, row: number): string => `${rows.kind[row]} ${rows.model[row]} ${rows.offer[row]}`;
