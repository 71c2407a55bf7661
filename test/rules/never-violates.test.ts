import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { advisedIn } from '../../src/decide/core-choice.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Option } from '../../src/places/option.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import { shippedTables } from '../support/load.js';
import { anyScenario, fewOf, readAny } from '../support/random-scenarios.js';
import { asOf, type Written } from '../support/scenario.js';

/*
 * The rules once more, from the text of the scenario and the rows of the tables, as plainly as they can be said. None of
 * this asks a gate, and nothing that is resolved from the scenario is used.
 */
type Data = {
  sensitivity?: string;
  boundary?: string;
  regimes?: string[];
  residency?: string[];
  agreements?: string[] | { signed: string[]; canSign: string[] };
};
type Task = {
  name: string;
  type: string;
  tokens?: { input: number; output: number };
  capability?: { minIndex?: number };
  latency?: { tokensPerSecond?: number };
  thinking?: string;
  needs?: string[];
  data?: Data;
};
type Text = {
  tasks: Task[];
  data?: Data;
  needs?: { offline?: boolean };
  team?: { devops: number; mayHire?: boolean; launchWithin?: string };
  budget?: { monthly?: number; upfront?: number };
  preferences?: { only?: string[]; exclude?: string[] };
};

const isApi = ({ kind }: Option) => kind === 'cloud-api' || kind === 'open-model-api';
const farness = ['device', 'own-premises', 'own-account', 'under-contract', 'anywhere'];
const has = (tokens: readonly string[] | undefined, name: string) =>
  tokens !== undefined && (tokens.includes(name) || tokens.includes(`${name}?`));

/** How far data go: to whom the machine belongs. */
function goesTo(option: Option): string {
  if (option.kind === 'edge') return 'device';
  if (option.kind === 'on-prem') return option.provider === 'colocation' ? 'own-account' : 'own-premises';
  if (option.kind === 'self-hosted-cloud') return 'own-account';
  return 'under-contract';
}

function boundaryOf(own: Data, all: Data): string {
  const data = { ...all, ...own };
  const sensitivity = data.sensitivity ?? 'internal';
  const usual =
    { public: 'anywhere', 'device-only': 'device', regulated: data.regimes ? 'under-contract' : 'own-account' }[
      sensitivity
    ] ?? 'under-contract';
  if (data.boundary === undefined) return usual;
  const narrower = own.sensitivity !== undefined && farness.indexOf(usual) < farness.indexOf(data.boundary);
  return narrower ? usual : data.boundary;
}

/** Whether an agreement with a provider is signed, or can be. */
function canHave(name: string, provider: string, { agreements }: Data): boolean {
  if (agreements === undefined) return true;
  const listed = Array.isArray(agreements) ? agreements : [...agreements.signed, ...agreements.canSign];
  return listed.includes(name) || listed.includes(`${name}:${provider}`);
}

const leadTime = ({ kind, purchase, desk }: Option): string => {
  if (purchase === 'owned') return 'leadTimeOwned';
  if (kind === 'on-prem') return desk ? 'leadTimeWorkstation' : 'leadTimeOnPrem';
  if (purchase?.startsWith('reserved')) return 'leadTimeReserved';
  return `leadTime${kind
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;
};

/** What an option breaks of the rules for a task. */
function brokenBy(option: Option, task: Task, text: Text, tables: Tables): string[] {
  const data = { ...text.data, ...task.data };
  const boundary = boundaryOf(task.data ?? {}, text.data ?? {});
  const provider = tables.providers.find((row) => row.provider === option.provider);
  const third = option.kind !== 'on-prem' && option.kind !== 'edge';
  const preset = tables.tasks.find((row) => row.task === task.type);
  const capability = tables.capability.find(({ family }) => family === option.family);
  const model = tables.models.find(({ family }) => family === option.family);
  const service = tables.services.find((row) => row.provider === option.provider);
  const region = tables.regions.find((row) => row.region === option.region);
  const regions = region && region.tokens.length > 0 ? region.tokens : (provider?.regions ?? []);
  const index = option.mode === 'thinking' ? capability?.indexThinking : capability?.indexStandard;
  const names: (string | null)[] = [option.kind, option.provider, option.purchase];
  const kinds = (text.preferences?.only ?? []).filter((name) => /-(api|cloud|prem)$/.test(name));
  const hosts = (text.preferences?.only ?? []).filter((name) => !kinds.includes(name));
  const weeks = text.team?.launchWithin === undefined ? null : Number.parseFloat(text.team.launchWithin);
  const rules: Record<string, boolean> = {
    boundary: farness.indexOf(goesTo(option)) <= farness.indexOf(boundary),
    training: !(isApi(option) && boundary === 'under-contract') || has(provider?.options, 'no-training'),
    contract:
      !(isApi(option) && boundary === 'under-contract' && data.sensitivity === 'pii') ||
      (has(provider?.agreements, 'dpa') && canHave('dpa', option.provider, data)),
    hipaa:
      !(third && data.regimes?.includes('hipaa')) ||
      (has(provider?.agreements, 'baa') && canHave('baa', option.provider, data)),
    glba:
      !(third && data.regimes?.includes('glba')) ||
      (has(provider?.agreements, 'glba') && canHave('glba', option.provider, data)),
    residency: !(third && data.residency) || data.residency.some((token) => has(regions, token)),
    excluded: !names.some((name) => name !== null && text.preferences?.exclude?.includes(name)),
    only:
      (kinds.length === 0 || kinds.includes(option.kind)) &&
      // What is one's own is sold by nobody: its kind is enough to ask for it.
      (hosts.length === 0 ||
        hosts.includes(option.provider) ||
        (option.kind === 'on-prem' && kinds.includes('on-prem'))),
    onSale: option.retires === null || option.retires > asOf,
    license: isApi(option) || model?.commercialUse === 'yes' || model?.commercialUse === 'conditional',
    context: (option.contextTokens ?? 0) >= (task.tokens ? task.tokens.input + task.tokens.output : 0),
    images: !(task.needs?.includes('vision') || preset?.needsVision) || option.modalities.includes('image'),
    tools: !(task.needs?.includes('tools') || preset?.needsTools) || capability?.toolUse === 'yes',
    capable: (index ?? 0) >= (task.capability?.minIndex ?? 0),
    thinking: !(option.mode === 'thinking' && task.thinking === 'forbidden'),
    tuned: !(isApi(option) && task.needs?.includes('fine-tuning')) || mayServeTuned(option, tables),
    offline: text.needs?.offline !== true || goesTo(option) === 'own-premises' || goesTo(option) === 'device',
    speed:
      !isApi(option) ||
      task.latency?.tokensPerSecond === undefined ||
      Math.sqrt((service?.tokensPerSecondLow ?? 0) * (service?.tokensPerSecondHigh ?? 0)) >=
        task.latency.tokensPerSecond,
    launch: weeks === null || (tables.parameterOf.get(leadTime(option))?.likely ?? Number.POSITIVE_INFINITY) <= weeks,
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}

/** By the rows that name the model, else by that of all other models; those of sizes say the same as those of all. */
function mayServeTuned({ provider, family }: Option, { tuning }: Tables): boolean {
  const own = tuning.filter((row) => row.provider === provider);
  const named = own.filter(({ model }) => model.split(';').includes(family));
  const rows = named.length > 0 ? named : own.filter(({ model }) => model === '*');
  return (
    rows.length === 0 ||
    rows.some(({ offered, servingMode, servingHourlyUsdHigh: fee }) =>
      offered === 'no'
        ? servingMode === 'serverless_lora'
        : offered === 'yes' &&
          servingMode !== 'dedicated_hourly' &&
          (servingMode !== 'hourly_plus_tokens' || fee !== null),
    )
  );
}

/** What a plan breaks as a whole. Cash counts at least what is billed for machines and tokens. */
function brokenByPlan(plan: Plan, { budget, team }: Text): string[] {
  const lines = plan.deployments.flatMap((one) => [...one.lines, ...(one.second?.lines ?? [])]);
  const tokens = lines
    .filter(({ part }) => part.startsWith('tokens.'))
    .reduce((sum, { curve }) => sum + curve.fixed, 0);
  const upfront = lines.reduce((sum, line) => sum + line.upfront, 0);
  const rules: Record<string, boolean> = {
    monthly: budget?.monthly === undefined || tokens <= budget.monthly,
    upfront: budget?.upfront === undefined || upfront <= budget.upfront,
    team: team?.mayHire !== false || plan.fte <= team.devops,
    deployments: plan.deployments.length <= 3,
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}

let tables: Tables;
beforeAll(async () => {
  tables = fewOf(await shippedTables());
});

test('no advice breaks a rule, whatever the scenario', () => {
  let [advised, none] = [0, 0];
  fc.assert(
    fc.property(anyScenario, (written: Written) => {
      const read = readAny(written, tables);
      fc.pre(read !== null);
      if (read === null) return;
      const plan = advisedIn({ workload: resolve(read, tables, asOf), tables });
      if (plan === null) {
        none++;
        return;
      }
      advised++;
      const text = written as unknown as Text;
      const broken = plan.deployments.flatMap(({ option, taskParts, second }) =>
        taskParts.flatMap((taskPart) => {
          const task = text.tasks.find(({ name }) => name === taskPart.task) as Task;
          return [option, ...(second === undefined ? [] : [second.option])].flatMap((one) =>
            brokenBy(one, task, text, tables).map((rule) => `${rule}: ${taskPart.task} on ${one.id}`),
          );
        }),
      );
      expect([...broken, ...brokenByPlan(plan, text)]).toEqual([]);
    }),
    { seed: 20_261_120, numRuns: 60 },
  );
  // Neither so strict that nothing is ever advised, nor so lax that everything is.
  expect(advised).toBeGreaterThan(20);
  expect(none).toBeGreaterThan(5);
});
