import { type CostLine, traceOf } from '../cost/curve.js';
import type { Traced } from '../formula/traced.js';
import type { Workload } from '../workload/workload.js';
import type { Assumed } from './decision.js';
import { linesOf, type Plan } from './plan.js';
import { rounded } from './round.js';

/** What the scenario leaves out, and what of a plan's cost rests on each; null: of no plan. */
export function assumedOf(plan: Plan | null, { inputs, requestsPerDay }: Workload): Assumed[] {
  const left = inputs.filter(({ origin }) => origin === 'assumed');
  const amounts =
    plan === null || left.length === 0 ? [] : linesOf(plan).flatMap((line) => amountsOf(line, requestsPerDay));
  const all = amounts.reduce((sum, { usd }) => sum + usd, 0);
  return left.map(({ path, text }) => {
    const isPart = partOf(path);
    const rests = amounts.filter(({ leaves }) => leaves.some(isPart));
    const share = all > 0 && rests.length > 0 ? rests.reduce((sum, { usd }) => sum + usd, 0) / all : null;
    return { path, value: text, share: share === null ? null : rounded(share) };
  });
}

/** What is added up, with every figure it is made of. */
type Amount = { usd: number; leaves: readonly Traced[] };

const amountsOf = (line: CostLine, volume: number): Amount[] =>
  addends(traceOf(line, volume)).map((traced) => ({ usd: traced.value, leaves: figuresIn(traced) }));

const addends = (traced: Traced): readonly Traced[] =>
  traced.how === 'sum' ? traced.parts.flatMap(addends) : [traced];

function figuresIn(traced: Traced): readonly Traced[] {
  const seen = new Set<Traced>();
  const visit = (one: Traced): void => {
    if (seen.has(one)) return;
    seen.add(one);
    one.parts.forEach(visit);
  };
  visit(traced);
  return [...seen];
}

type IsPart = (figure: Traced) => boolean;

const ofVolume: IsPart = ({ path }) => path !== null && /^(workload|tasks\..+)\.volume$/.test(path);

const ofVolumeOrCache: IsPart = (figure) => ofVolume(figure) || figure.assumption === 'promptCacheLifeS';

/** What is left out of what is told, such as a factor of one: it would be where another figure is. */
const beside: ReadonlyMap<string, IsPart> = new Map<string, IsPart>([
  ['workload.growth', ofVolume],
  // A mean over the months.
  ['workload.horizon', ({ path }) => path === 'workload.growth'],
  // What is predicted hour by hour: work of a volume, or who finds a prefix in a cache.
  ['workload.profile', (figure) => figure.how === 'predicted' && figuresIn(figure).some(ofVolumeOrCache)],
  ['workload.turns', ({ path }) => path?.endsWith('.tokens.input') === true],
  ['assumptions.priceDeclinePerYear', ({ sources }) => sources.some(({ table }) => table === 'api')],
]);

function partOf(input: string): IsPart {
  const isBeside = beside.get(input);
  return (figure) =>
    figure.path === input || `assumptions.${figure.assumption}` === input || isBeside?.(figure) === true;
}
