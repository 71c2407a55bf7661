import { adjustedPricesIn } from '../../decide/adjusted-plan.js';
import { assumptionsOf } from '../../decide/basis.js';
import { monthsOf } from '../../decide/months.js';
import type { Plan } from '../../decide/plan.js';
import { review } from '../../decide/review.js';
import type { Context } from '../../places/placement.js';
import { unsignable } from '../../rules/data.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { boundaryFor } from '../../workload/resolve-task.js';
import type { Scenario, ScenarioData } from '../../workload/schema.js';
import { enums } from '../../workload/words.js';
import { boundaries, type TaskPart } from '../../workload/workload.js';
import type { Asked, AskedRegions, FlipInput, WordInput } from './input.js';
import { numberInputs } from './numbers.js';

const sensitivities: readonly string[] = enums.sensitivity;
const objectives: readonly string[] = enums.objective;
const tuned = 'fine-tuning';
const abilities: readonly string[] = enums.needs;
const switches = ['false', 'true'];
/** Abilities that exclude models; tuning makes other ones. */
const isRule = (ability: string): boolean => ability !== tuned;

/** A list as YAML, which `--set` takes. */
const list = (words: readonly string[]): string => `[${words.join(', ')}]`;

/** A list with each word that it lacks. */
const added = (have: readonly string[], known: readonly string[]): string[] =>
  known.filter((word) => !have.includes(word)).map((word) => list([...have, word]));

/** The same, and without each that it has. */
const around = (have: readonly string[], known: readonly string[]): string[] => [
  ...added(have, known),
  ...have.map((word) => list(have.filter((other) => other !== word))),
];

/** One region of those there are, or of all that are known where any will do. */
const narrowed = (have: readonly string[], known: readonly string[]): string[] =>
  have.length === 1 ? [] : (have.length === 0 ? known : have).map((one) => list([one]));

/** Wide regions with some of those in these, then any region. */
const widened = (have: readonly string[], { regions }: Tables): string[] => {
  if (have.length === 0) return [];
  const around = wideRegions({ regions }).filter(
    (wide) =>
      !have.includes(wide) &&
      regions.some(({ tokens }) => tokens.includes(wide) && have.some((one) => tokens.includes(one))),
  );
  return [...around.map((one) => list([...have, one])), list([])];
};

/** Regions of several countries. */
const wideRegions = ({ regions }: Pick<Tables, 'regions'>): string[] => {
  const beside = new Map<string, Set<string>>();
  for (const { tokens } of regions)
    for (const one of tokens)
      for (const other of tokens) if (other !== one) beside.set(one, (beside.get(one) ?? new Set()).add(other));
  return [...beside].flatMap(([wide, others]) => (others.size > 2 ? [wide] : [])).sort();
};

/** Fewer regions than there are; and more. */
function otherRegions(path: string, have: readonly string[], tables: Tables, asked: AskedRegions): WordInput[] {
  const known = asked === 'wide' && have.length === 0 ? wideRegions(tables) : regionTokens(tables);
  const from = list(have);
  return [
    stricter(word(path, from, narrowed(have, known))),
    ...(asked === 'narrower' ? [] : [word(path, from, widened(have, tables))]),
  ];
}

const word = (path: string, from: string, words: readonly string[], ordered = false): WordInput => ({
  is: 'word',
  path,
  from,
  words: ordered ? words : words.filter((other) => other !== from),
  ordered,
  stricter: [],
});

/** @param words those that tighten a rule; left out: all do */
const stricter = (input: WordInput, words: readonly string[] = input.words): WordInput => ({
  ...input,
  stricter: words,
});

/** Regions that the tables know providers or machines of. */
const regionTokens = ({ regions, providers }: Tables): string[] =>
  [
    ...new Set(
      [...regions.flatMap(({ tokens }) => tokens), ...providers.flatMap((provider) => provider.regions)].filter(
        (token) => /^[a-z-]+$/.test(token),
      ),
    ),
  ].sort();

/** Rules on data, as they are or stricter: the scenario's, or a task's own. Only a region may be looser. */
function ofData(
  data: ScenarioData,
  needs: { sensitivity: string; boundary: string },
  at: string,
  tables: Tables,
  { own, taskPart, regions }: { own: boolean; taskPart: TaskPart; regions: AskedRegions },
): WordInput[] {
  const asked = (key: keyof ScenarioData) => !own || data[key] !== undefined;
  const regimes = [...new Set(tables.regimes.map(({ regime }) => regime))].filter((name) => name !== 'none').sort();
  const isNow = (one: string) => one === needs.boundary;
  const [written, inForce] = [data.residency ?? [], data.regimes ?? []];
  const { agreements } = data;
  const rules = [
    asked('sensitivity') &&
      stricter(
        word(`${at}.sensitivity`, needs.sensitivity, sensitivities.slice(sensitivities.indexOf(needs.sensitivity))),
      ),
    asked('boundary') &&
      stricter(word(`${at}.boundary`, needs.boundary, boundaries.slice(0, boundaries.findIndex(isNow) + 1), true)),
    ...(asked('residency') ? otherRegions(`${at}.residency`, written, tables, regions) : []),
    asked('regimes') && stricter(word(`${at}.regimes`, list(inForce), added(inForce, regimes))),
  ].filter((one) => one !== false && one.words.some((other) => other !== one.from)) as WordInput[];
  if (!asked('agreements')) return rules;
  const path = `${at}.agreements`;
  return [...rules, agreements ? ofAgreements(path, agreements, taskPart, tables) : word(path, 'null', ['[]'])];
}

/** The agreements given, with those that the data rules require and the scenario says cannot be signed. */
function ofAgreements(
  path: string,
  given: NonNullable<ScenarioData['agreements']>,
  taskPart: TaskPart,
  tables: Tables,
): WordInput {
  const missing = unsignable(taskPart, { tables });
  const more = agreementsText({ ...given, canSign: [...given.canSign, ...missing] });
  const names = missing.map((name) => tables.claimOf.get(`agreement:${name}`)?.name ?? name);
  const means = { [more]: `${names.join(' and ')} can be signed`, '[]': 'no agreement can be signed' };
  return { ...word(path, agreementsText(given), [...(missing.length > 0 ? [more] : []), '[]']), means };
}

const agreementsText = ({ signed, canSign }: NonNullable<ScenarioData['agreements']>): string =>
  canSign.length === 0 ? list(signed) : `{signed: ${list(signed)}, canSign: ${list(canSign)}}`;

/** Every word, switch and list that may affect the advice, with its alternatives. */
export function wordInputs({ scenario, workload, tables, regions }: Asked): WordInput[] {
  const { workload: written, data = {}, needs, team, preferences } = scenario;
  const [first] = workload.taskParts;
  const profiles = tables.profiles.map(({ profile }) => profile).sort();
  const { profile = '' } = written;
  const flag = (value: boolean | undefined, otherwise = false) => String(value ?? otherwise);
  const included = preferences?.include ?? [];
  return [
    ...(typeof profile === 'string'
      ? [word('workload.profile', profile === '' ? profileAssumed(workload.inputs) : profile, profiles)]
      : []),
    ...(first === undefined
      ? []
      : ofData(data, commonOf(data), 'data', tables, { own: false, taskPart: first, regions })),
    stricter(word('needs.offline', flag(needs?.offline), switches), ['true']),
    word('needs.fineTuning', flag(needs?.fineTuning), switches),
    ...(typeof needs?.rag === 'object' ? [] : [word('needs.rag', flag(needs?.rag), switches)]),
    stricter(word('team.mayHire', flag(team?.mayHire, true), switches), ['false']),
    word('preferences.objective', workload.rules.objective, objectives),
    word('preferences.include', list(included), around(included, ['marketplace'])),
    ...scenario.tasks.flatMap((task, index) => {
      const taskPart = workload.taskParts[index];
      if (taskPart === undefined) return [];
      const at = `tasks.${taskPart.task}`;
      const wanted = task.needs ?? [];
      // What the only task needs, the scenario needs.
      const able = scenario.tasks.length > 1 ? abilities : abilities.filter((ability) => ability !== tuned);
      return [
        stricter(
          word(`${at}.thinking`, taskPart.needs.thinkingAllowed ? 'allowed' : 'forbidden', ['allowed', 'forbidden']),
          ['forbidden'],
        ),
        stricter(word(`${at}.needs`, list(wanted), around(wanted, able)), added(wanted, abilities.filter(isRule))),
        ...(taskPart.serviceTier === undefined
          ? []
          : [word(`${at}.serviceTier`, taskPart.serviceTier, enums.serviceTier)]),
        ...(task.data === undefined
          ? []
          : ofData({ ...task.data }, taskPart.needs, `${at}.data`, tables, { own: true, taskPart, regions })),
      ];
    }),
  ];
}

const profileAssumed = (inputs: readonly { path: string; text: string }[]): string =>
  inputs.find(({ path }) => path === 'workload.profile')?.text ?? '';

/** What the scenario's own data rules come to: as for a task without any of its own. */
function commonOf({ sensitivity = 'internal', boundary, regimes = [] }: ScenarioData) {
  return { sensitivity, boundary: boundary ?? boundaryFor(sensitivity, regimes.length > 0) };
}

/** Everything in a scenario at another value of which the advice might be another. */
export function inputsOf(
  scenario: Scenario,
  plan: Plan,
  { met, lead, regions }: { met: readonly Plan[]; lead: number; regions: AskedRegions },
  context: Context,
): FlipInput[] {
  const { workload, tables } = context;
  const asked: Asked = {
    scenario,
    workload,
    tables,
    plan,
    peakCashUsd: monthsOf(plan, context).peakCashUsd,
    services: review(plan, context).services,
    given: (path) => workload.inputs.find((input) => input.path === path)?.value.likely,
    used: [...new Set([...assumptionsOf(met, context, true), ...pricesOfChoice(context)])].sort(),
    lead,
    regions,
  };
  return [...numberInputs(asked), ...wordInputs(asked)];
}

/** Names of what a case is decided by beyond bills. */
function pricesOfChoice(context: Context): string[] {
  const { rules, assume } = context.workload;
  if (rules.objective === 'cost') return [];
  const names: string[] = [];
  adjustedPricesIn({
    assume: (name) => {
      names.push(name);
      return assume(name);
    },
  });
  return names;
}

/** The month in which growth reaches a volume, month 1 the first; null: never. */
export function monthReaching(requestsPerDay: number, { workload }: Context): number | null {
  const growth = workload.inputs.find(({ path }) => path === 'workload.growth')?.value.likely ?? 0;
  const months = Math.log(requestsPerDay / workload.requestsPerDay) / Math.log1p(growth);
  return growth === 0 || !(months > 0) || !Number.isFinite(months) ? null : 1 + Math.ceil(months - 1e-9);
}

/** The scenario as read, and the tables before and after its own prices. */
export type Subject = { read: ReadScenario; list: Tables; prose: Prose; context: Context };

/** The case of a scenario with one `--set` more; null where that is no scenario. */
export function changedCases({ read, list, prose, context }: Subject): (setting: string) => Context | null {
  return (setting) => {
    const scenario = read.changed([setting]);
    if (scenario === null) return null;
    const again = { ...read, scenario };
    const tables = setting.startsWith('prices.') ? withScenarioPrices(again, list, prose).tables : context.tables;
    return {
      workload: resolve(again, tables, context.workload.asOf),
      tables,
    };
  };
}
