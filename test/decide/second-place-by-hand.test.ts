import { expect, test } from 'vitest';
import { at, isUnpriced, traceOf } from '../../src/cost/curve.js';
import { type Together, together } from '../../src/decide/fallback.js';
import type { Traced } from '../../src/formula/traced.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { everyOption } from '../support/brute-force.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

/** Second places beside first ones, by what their bills have to be. */

const tables = fewRows((await shipped()).tables);

const task = (name: string, more: object) => ({ name, type: 'faq-chat', capability: { minIndex: 20 }, ...more });
const halves = [task('faq', { share: '50%' }), task('mail', { share: '50%' })];
const scenario = (tasks: Written['tasks'] = halves, more: object = {}, known = tables): Promise<Context> =>
  caseOf(
    { workload: { volume: '3M requests/day', profile: 'consumer-chat', horizon: '36 months' }, tasks, ...more },
    known,
  );

const llama = (context: Context, kind: string, what: (one: Option) => boolean) =>
  everyOption(context).find((one) => one.kind === kind && one.family === 'llama-3.3-70b' && what(one)) as Option;
const api = (context: Context, provider = 'azure') =>
  llama(context, 'open-model-api', (one) => one.provider === provider);
/** A machine of one's own with eight cards, to two of which a copy of the model goes. */
const own = (context: Context) =>
  llama(
    context,
    'on-prem',
    ({ provider, quantization, fleet }) =>
      provider === 'own-room' &&
      quantization === 'fp8' &&
      fleet?.accelerator.accelerator === 'h100-sxm-80gb' &&
      fleet.gpusPerUnit === 8 &&
      fleet.gpusPerReplica === 2,
  );
/** On one's own machines with an API above, for some of the task parts. */
function overflow(context: Context, tasks = context.workload.taskParts.map((taskPart) => taskPart.task)): Together {
  const taskParts = context.workload.taskParts.filter((taskPart) => tasks.includes(taskPart.task));
  const priced = together(own(context), { role: 'overflow', option: api(context) }, taskParts, context);
  if (isUnpriced(priced)) throw new Error(priced.unpriced);
  return priced;
}
const usdOf = ({ first, second }: Together, volume: number) =>
  [...first, ...second].reduce((usd, { curve }) => usd + at(curve, volume), 0);
const figuresOf = (figure: Traced): readonly Traced[] => [figure, ...figure.parts.flatMap(figuresOf)];

test('what is not bought machine by machine has no peaks to hand over', async () => {
  const context = await scenario();
  const refused = (first: Option, known = context) =>
    together(first, { role: 'overflow', option: api(known) }, known.workload.taskParts, known);
  const rented = llama(
    context,
    'self-hosted-cloud',
    ({ quantization, purchase, fleet }) =>
      quantization === 'int4-awq' && purchase === 'on-demand' && fleet?.accelerator.accelerator === 'h100-sxm-80gb',
  );
  const why = 'is not bought machine by machine for all hours, so it has no peaks to hand over';
  expect(refused(rented)).toEqual({ unpriced: `${rented.id} ${why}` });
  expect(refused(api(context))).toEqual({ unpriced: `${api(context).id} ${why}` });
  // Nor what is there already.
  const there = await scenario(halves, { existing: [{ accelerator: 'h100-sxm-80gb', count: 8 }] });
  const mine = everyOption(there).filter(({ kind, family }) => kind === 'on-prem' && family === 'llama-3.3-70b');
  const isRefused = (priced: ReturnType<typeof refused>) => 'unpriced' in priced && priced.unpriced.includes(why);
  expect(mine.some((one) => isRefused(refused(one, there)))).toBe(true);
});

test('a volume of its own costs what the same volume on the axis does, all along it, and goes with no other', async () => {
  const rest = task('rest', { share: '100%' });
  const follows = overflow(await scenario([rest]));
  const apart = await scenario([rest, task('apart', { volume: '3M requests/day' })]);
  const fixed = overflow(apart, ['apart']);
  expect(usdOf(fixed, 3e6)).toBeCloseTo(usdOf(follows, 3e6), 4);
  expect(fixed.share(3e6)).toBeCloseTo(follows.share(3e6), 9);
  expect(fixed.share(3e6)).toBeGreaterThan(0);
  expect(usdOf(fixed, 6e6)).toBeCloseTo(usdOf(fixed, 3e6), 4);
  expect(usdOf(follows, 6e6)).toBeGreaterThan(1.5 * usdOf(follows, 3e6));
  expect(together(own(apart), { role: 'overflow', option: api(apart) }, apart.workload.taskParts, apart)).toEqual({
    unpriced: 'a task with a volume of its own does not overflow with one that follows the common volume',
  });
});

test('requests handed over and the price of one are traced as they are billed, of all tasks and of half of the requests', async () => {
  const context = await scenario();
  const [all, one] = [overflow(context), overflow(context, ['faq'])];
  for (const [pair, share] of [
    [all, 1],
    [one, 0.5],
  ] as const) {
    const [line] = pair.second as [Together['second'][number]];
    const trace = traceOf(line, 3e6);
    expect(recomputed(trace)).toBeCloseTo(at(line.curve, 3e6), 4);
    const figure = (label: string) => figuresOf(trace).filter((found) => found.label === label);
    const [above] = figure('requests above own capacity');
    expect(above?.value).toBeCloseTo(pair.share(3e6) * share * 3e6 * (365 / 12), 2);
    // The price is worked out, and told again where the machines that pay for themselves are counted.
    const prices = figure('what a request costs at the API beyond own machines').map(({ value }) => value);
    expect(prices).toHaveLength(2);
    expect(prices[0]).toBeCloseTo(prices[1] as number, 12);
  }
});

test('an API that takes nothing for a request, which costs electricity on own machines, has a price of nothing', async () => {
  const free = tables.api.map((row) => ({ ...row, inputUsdPerMTok: 0, outputUsdPerMTok: 0, cachedInputUsdPerMTok: 0 }));
  const context = await scenario(halves, {}, tablesWith(tables, { api: free }));
  const pair = overflow(context);
  const [line] = pair.second as [Together['second'][number]];
  // One machine is there whatever it serves; all above it goes to the API.
  expect(pair.units?.(3e6)).toBe(1);
  expect(pair.share(3e6)).toBeGreaterThan(0);
  expect(at(line.curve, 3e6)).toBe(0);
  expect(recomputed(traceOf(line, 3e6))).toBe(0);
});

test('without a request nothing is handed over', async () => {
  expect(overflow(await scenario()).share(0)).toBe(0);
});
