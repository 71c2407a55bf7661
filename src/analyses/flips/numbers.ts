import { waysToCut } from '../../decide/cuts.js';
import { upfrontCashUsd } from '../../decide/plan.js';
import { parameterReader } from '../../units/readers.js';
import { isCount } from '../../workload/known-names.js';
import type { ScenarioTask } from '../../workload/schema.js';
import { measuredPath, type TaskPart } from '../../workload/workload.js';
import { volumeRange } from '../break-even/answer.js';
import type { Asked, NumberInput } from './input.js';

/** Properties of an input in the table below; defaults in `numberInput`. */
type Rule = {
  path: string;
  unit: string;
  /** Undefined: no such input in the scenario. Null: an optional rule that is not set. */
  from: number | null | undefined;
  /** What the plan has where there is no rule: looked for around it. */
  near?: number | null;
  /** For a missing rule: the end at which it has no effect. */
  loose?: 'low' | 'high';
  low?: number;
  high?: number;
  whole?: boolean;
  digits?: number;
  outOf?: number;
  write?: (value: number) => string;
};

const percent = (share: number | undefined | null) => (share == null ? share : exact(share * 100));
const exact = (value: number): number => Number(value.toPrecision(12));

/** A rule that need not be set, around what the plan has. */
const limit = (
  path: string,
  unit: string,
  loose: 'low' | 'high',
  from: number | undefined,
  near: number | null | undefined,
): Rule => ({ path, unit, loose, from: from ?? null, near: near ?? null });

/** Every number of the scenario as a whole, in the units in which `--set` takes it. */
const ofScenario = (asked: Asked): Rule[] => {
  const { scenario, workload, plan, peakCashUsd } = asked;
  const { workload: written, team, budget, needs, preferences } = scenario;
  const { assume } = workload;
  const { profile } = written;
  const growth = assume('flipGrowthUpTo') * 100;
  const turns = written.turns?.likely ?? assume('turnsPerConversation');
  return [
    {
      path: 'workload.volume',
      unit: 'requests/day',
      from: workload.taskParts.some(({ scales }) => scales) ? workload.requestsPerDay : undefined,
      low: 1,
      high: volumeRange(workload).to,
      whole: workload.requestsPerDay >= 1,
    },
    { path: 'workload.turns', unit: 'requests', from: turns, low: 1, whole: Number.isInteger(turns) },
    {
      path: 'workload.requestsPerUser',
      unit: 'requests',
      from: written.volume.of === 'users' ? written.requestsPerUser?.likely : undefined,
    },
    {
      path: 'workload.growth',
      unit: '% per month',
      from: percent(written.growth?.likely ?? assume('growthPerMonth')),
      low: -growth,
      high: growth,
    },
    {
      path: 'workload.horizon',
      unit: 'months',
      from: workload.months,
      low: 1,
      high: assume('flipMonthsUpTo'),
      whole: true,
    },
    { path: 'workload.sites', unit: 'sites', from: workload.sites, low: 1, whole: true },
    {
      path: 'workload.profile.peakToMean',
      unit: '',
      from: typeof profile === 'object' && 'peakToMean' in profile ? profile.peakToMean.likely : undefined,
      low: 1,
      high: assume('breakEvenPeakUpTo'),
    },
    { path: 'team.yearlyCost', unit: 'USD/year', from: workload.team.yearlyCostUsd },
    {
      path: 'team.free',
      unit: 'FTE',
      from: team !== undefined && team.mayHire === false ? workload.team.freeFte : undefined,
      high: Math.max(workload.team.freeFte, plan.fte) * assume('flipTimes'),
    },
    limit('budget.monthly', 'USD/month', 'high', budget?.monthlyUsd, peakCashUsd),
    limit('budget.upfront', 'USD', 'high', budget?.upfrontUsd, upfrontCashUsd(plan)),
    { path: 'needs.availability', unit: '%', from: percent(needs?.availability ?? null), ...availability(assume) },
    { path: 'devices.count', unit: 'devices', from: workload.devices?.count, whole: true },
    ...workload.measured.map(({ ofPredicted }, index) => ({ path: measuredPath(index), unit: '', from: ofPredicted })),
    {
      path: 'preferences.maxDeployments',
      unit: 'deployments',
      from: preferences?.maxDeployments ?? workload.rules.maxDeployments,
      low: 1,
      high: mostPlaces(asked),
      whole: true,
    },
  ];
};

/** Most places that matter: one for each part of a task, or two with an overflow. */
function mostPlaces({ workload, tables }: Asked): number {
  const { taskParts, rules } = workload;
  const parts = taskParts.map((taskPart) =>
    Math.max(...waysToCut(taskPart, { workload, tables }).map((way) => way.length)),
  );
  const overflow = !rules.exclude.includes('overflow');
  const failover = taskParts.some(({ needs }) => needs.availability !== null) && !rules.exclude.includes('failover');
  const places = parts.reduce((sum, count) => sum + count, 0) * (overflow || failover ? 2 : 1);
  return Math.max(places, taskParts.length + 1);
}

const availability = (assume: (name: string) => number) => ({
  low: exact(assume('flipAvailabilityFrom') * 100),
  high: exact(assume('flipAvailabilityUpTo') * 100),
  loose: 'low' as const,
  digits: 5,
  outOf: 100,
});

/** Every number of one task. */
function ofTask(task: ScenarioTask, taskPart: TaskPart, { workload, scenario, services, given }: Asked): Rule[] {
  const at = `tasks.${taskPart.task}`;
  const { assume } = workload;
  const { tokens, latency } = task;
  const seen = services.get(taskPart) ?? null;
  const sharers = scenario.tasks.filter(({ volume }) => volume === undefined).length;
  const isIndex = task.capability === undefined || 'minIndex' in task.capability;
  const ofTools = (key: string, tools: Readonly<Record<string, { likely: number }>> = {}): Rule[] =>
    Object.entries(tools).map(([tool, { likely }]) => ({ path: `${at}.${key}.${tool}`, unit: '', from: likely }));
  return [
    {
      path: `${at}.share`,
      unit: '%',
      from: task.volume === undefined && sharers > 1 ? percent(taskPart.share) : undefined,
      high: 99.9,
    },
    {
      path: `${at}.volume`,
      unit: 'requests/day',
      from: task.volume === undefined ? undefined : taskPart.requestsPerDay,
    },
    { path: `${at}.tokens.input`, unit: 'tokens', from: given(`${at}.tokens.input`), whole: true },
    { path: `${at}.tokens.output`, unit: 'tokens', from: given(`${at}.tokens.output`), whole: true },
    {
      path: `${at}.tokens.cacheablePrefix`,
      unit: 'tokens',
      from: prefixOf(task, given(`${at}.tokens.input`) ?? 0) ?? given(`${at}.tokens.cacheablePrefix`),
      low: 0,
      high: given(`${at}.tokens.input`) ?? 1,
      whole: true,
    },
    { path: `${at}.easy.share`, unit: '%', from: percent(task.easy?.share.likely), high: 99.9 },
    { path: `${at}.sensitive.share`, unit: '%', from: percent(task.sensitive?.share.likely), high: 99.9 },
    { path: `${at}.tokens.reasoning`, unit: 'tokens', from: tokens?.reasoning?.likely, whole: true },
    {
      path: `${at}.tokens.cacheHitRate`,
      unit: '%',
      from: taskPart.tokens.prefix === 0 ? undefined : percent(tokens?.cacheHitRate?.likely ?? null),
      low: 0,
      high: 100,
      loose: 'low',
    },
    {
      path: isIndex ? `${at}.capability.minIndex` : `${at}.capability`,
      unit: '',
      from: taskPart.needs.capability.need,
      low: 1,
      high: 100,
      ...(!isIndex && { write: (index) => `{minIndex: ${index}}` }),
    },
    // An estimate keeps a target, on a condition, down to the low end of its band.
    limit(`${at}.latency.ttftP95`, 'ms', 'high', latency?.ttftP95Ms, seen?.ttftP95Band?.low ?? seen?.ttftP95Ms),
    limit(`${at}.latency.totalP95`, 'ms', 'high', latency?.totalP95Ms, seen?.totalP95Ms),
    limit(`${at}.latency.tokensPerSecond`, 'tokens/s', 'low', latency?.tokensPerSecond, seen?.tokensPerSecond),
    {
      path: `${at}.deadline`,
      unit: 'hours',
      from: task.deadlineHours ?? null,
      low: 1,
      high: assume('flipDeadlineUpTo'),
      loose: 'low',
      whole: true,
    },
    { path: `${at}.availability`, unit: '%', from: percent(task.availability), ...availability(assume) },
    ...ofTools('tools', task.tools),
    ...ofTools('fees.perToolCall', task.fees?.perToolCall),
  ];
}

function prefixOf({ tokens }: ScenarioTask, input: number): number | undefined {
  const written = tokens?.cacheablePrefix;
  if (written === undefined) return undefined;
  return 'share' in written ? Math.round(written.share.likely * input) : written.likely;
}

/** Assumptions that are a key of the scenario, or that only guide the search. */
const elsewhere = new Set([
  'horizonMonths',
  'growthPerMonth',
  'turnsPerConversation',
  'maxDeployments',
  'defaultLoadedFte',
]);
const procedure = /^(?:search|ladder|breakEven|flip|draw|slicing)|^hoursPerMonth$/;
const readValue = parameterReader(null);
/** The unit that `--set` takes with a number: `hours`, not `fte` or `kB`. */
function writtenUnit(unit: string): string {
  const [any, own] = [readValue(`1 ${unit}`), parameterReader(unit)(`1 ${unit}`)];
  return any.ok && own.ok && own.value.likely === 1 ? unit : '';
}

/**
 * Every assumption that the plans met depend on, over its likely range in the tables. A bill grows no faster than its
 * parts: an assumption with a range below the plan's lead over other types changes nothing.
 */
const ofAssumptions = ({ workload, tables, used, lead }: Asked): Rule[] =>
  used.flatMap((name) => {
    const row = tables.parameterOf.get(name);
    if (row === undefined || elsewhere.has(name) || procedure.test(name)) return [];
    const from = workload.assume(name);
    const low = Math.min(row.low, from);
    const high = Math.max(row.high, from);
    if (low === high || Math.max(high / from, from / low) < lead) return [];
    return [
      {
        path: `assumptions.${name}`,
        unit: writtenUnit(row.unit),
        from,
        low,
        high,
        whole: isCount(row.unit),
      },
    ];
  });

/** Every number that may affect the advice, with its range. */
export function numberInputs(asked: Asked): NumberInput[] {
  const { scenario, workload } = asked;
  const times = workload.assume('flipTimes');
  return [
    ...ofScenario(asked),
    ...scenario.tasks.flatMap((task, index) => ofTask(task, workload.taskParts[index] as TaskPart, asked)),
    ...ofAssumptions(asked),
  ].flatMap((rule) => numberInput(rule, times) ?? []);
}

const digits = 3;

/** An input with its range: by the rule, or a multiple and a fraction of its value. */
function numberInput(rule: Rule, times: number): NumberInput | null {
  const { path, unit, from, whole = false, write } = rule;
  if (from === undefined) return null;
  const middle = from ?? rule.near ?? null;
  if (middle === null && (rule.low === undefined || rule.high === undefined)) return null;
  const around = Math.abs(middle ?? 0);
  if (around === 0 && rule.high === undefined) return null;
  const smallest = whole ? 1 : exact(around / times);
  const low = rule.low ?? smallest;
  const high = rule.high ?? exact(whole ? Math.round(around * times) : around * times);
  const loosest = rule.loose === 'high' ? high : low;
  return {
    is: 'number',
    path,
    unit,
    from: from === null ? null : exact(from),
    start: from === null ? loosest : exact(from),
    low: Math.min(low, from ?? low),
    high: Math.max(high, from ?? high),
    whole,
    digits: rule.digits ?? digits,
    near: exact(middle ?? loosest),
    ...(rule.outOf !== undefined && { outOf: rule.outOf }),
    ...(write && { write }),
  };
}
