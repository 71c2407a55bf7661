import type { Tables } from '../tables/tables.js';
import { sameName } from '../units/suggest.js';
import { isMap, type Path } from './source.js';
import { enums } from './words.js';
import { isGuess, onlyMeaning } from './wrong-guesses.js';

/*
 * What people write by habit, and the one field that it can mean: data, compared as names are. What may mean two things is not
 * here but among the hints of wrong-guesses.ts. `tasks[]` is the task around, or from outside each task.
 */

/** How the value is written there, where not as it stands. */
type As =
  /** Behind a bare number. */
  | { unit: string }
  /** In place of `true`. */
  | { yes: unknown }
  /** In place of `true`, beside what else the list has. */
  | { member: string }
  /** A lone value is this field of a map. */
  | { lone: string }
  /** A tier, or a model that the tables judge. */
  | { isQuality: true };

export type Habit = readonly [guesses: string, means: string, as?: As];

/** Fields that have one home, where they stand elsewhere. */
const homes: Readonly<Record<string, string>> = {
  '': 'data, needs, team, budget, existing, devices, today, preferences, assumptions',
  workload: 'volume, bursts, once, turns, requestsPerUser, profile, growth, horizon, sites',
  'workload.profile': 'peakToMean',
  data: 'sensitivity, boundary, kinds, regimes, ownRegimes, residency, ownRoom, agreements, declared',
  needs: 'rag, fineTuning, offline, availability, serviceTier',
  'tasks[]': 'deadline, tokens, capability, latency, thinking',
  'tasks[].tokens':
    'input, maxInput, output, cacheablePrefix, images, imageSize, audioSeconds, reasoning, cacheHitRate, sessionPrefix',
  'tasks[].latency': 'ttftP95, tokensPerSecond, totalP95',
  'tasks[].capability': 'tier, atLeast, minIndex',
  team: 'devops, mlInfra, yearlyCost, mayHire, onCall, launchWithin',
  budget: 'monthly, upfront',
  preferences: 'objective, failedAnswerCost, only, exclude, include, maxDeployments',
};

const fields: readonly Habit[] = [
  ...Object.entries(homes).flatMap(([map, keys]) =>
    keys.split(', ').map((key): Habit => [key, map === '' ? key : `${map}.${key}`]),
  ),
  ['users, number of users, user count, daily users, daily active users, dau', 'workload.volume', { unit: 'users' }],
  ['employees, seats, developers', 'workload.volume', { unit: 'users' }],
  ['schedule, load profile, load shape, traffic profile, traffic shape', 'workload.profile'],
  ['requests per day, daily requests, queries per day', 'workload.volume', { unit: 'requests/day' }],
  ['requests per month, monthly requests, queries per month', 'workload.volume', { unit: 'requests/month' }],
  ['requests per hour', 'workload.volume', { unit: 'requests/hour' }],
  ['rps, qps, requests per second, queries per second', 'workload.volume', { unit: 'requests/s' }],
  ['rpm, requests per minute', 'workload.volume', { unit: 'requests/min' }],
  ['conversations per day, daily conversations, chats per day', 'workload.volume', { unit: 'conversations/day' }],
  ['conversations per month', 'workload.volume', { unit: 'conversations/month' }],
  ['tokens per day', 'workload.volume', { unit: 'tokens/day' }],
  ['tokens per month', 'workload.volume', { unit: 'tokens/month' }],
  [
    'requests per user per day, requests per user and day, daily requests per user, messages per user, messages per user per day, queries per user, queries per user per day, prompts per user, prompts per user per day',
    'workload.requestsPerUser',
  ],
  ['turns per conversation, messages per conversation, requests per conversation', 'workload.turns'],
  ['peak factor, peak to average, peak to mean ratio', 'workload.profile.peakToMean'],
  ['growth per month, monthly growth', 'workload.growth', { unit: 'per month' }],
  ['growth per year, yearly growth, annual growth', 'workload.growth', { unit: 'per year' }],
  ['horizon months', 'workload.horizon', { unit: 'months' }],
  [
    'region, regions, location, country, geography, data residency, data region, data location, allowed regions',
    'data.residency',
  ],
  ['compliance, regulation, regulations, regulatory, law, laws, standards, certifications, frameworks', 'data.regimes'],
  ['classification, data classification, data class, data sensitivity, confidentiality', 'data.sensitivity'],
  ['pii, contains pii, has pii, personal data, contains personal data', 'data.sensitivity', { yes: 'pii' }],
  ['phi, contains phi, has phi', 'data.sensitivity', { yes: 'phi' }],
  ['baa', 'data.agreements', { member: 'baa' }],
  ['dpa', 'data.agreements', { member: 'dpa' }],
  ['air gapped, airgap, air gap, no internet, no network, disconnected, offline only', 'needs.offline', { yes: true }],
  ['corpus, knowledge base, documents, document count, number of documents, docs', 'needs.rag', { lone: 'documents' }],
  ['fine tuned, finetune, finetuned, fine tune', 'needs.fineTuning', { yes: true }],
  ['sla, uptime, uptime sla', 'needs.availability'],
  ['task, task type, use case', 'tasks', { lone: 'type' }],
  ['batch, batchable', 'tasks[].deadline', { yes: '24h' }],
  ['ttft, ttft ms, ttft p95 ms, max ttft, first token, first token ms, time to first token', 'tasks[].latency.ttftP95'],
  ['p95 ttft, first token p95, time to first token p95', 'tasks[].latency.ttftP95'],
  ['ttft s, ttft seconds, ttft p95 s', 'tasks[].latency.ttftP95', { unit: 's' }],
  ['total latency p95, p95 total, end to end p95, e2e p95', 'tasks[].latency.totalP95'],
  ['tokens per second per user, output tokens per second', 'tasks[].latency.tokensPerSecond'],
  [
    'input tokens, prompt tokens, average input tokens, avg input tokens, tokens in, input length, prompt length',
    'tasks[].tokens.input',
  ],
  [
    'output tokens, completion tokens, average output tokens, avg output tokens, tokens out, output length, answer tokens',
    'tasks[].tokens.output',
  ],
  ['seconds of audio, audio length, audio duration, audio', 'tasks[].tokens.audioSeconds'],
  ['cache hit ratio, cache hits', 'tasks[].tokens.cacheHitRate'],
  ['cached prefix, shared prefix, cacheable prefix share', 'tasks[].tokens.cacheablePrefix'],
  ['reasoning tokens, thinking tokens', 'tasks[].tokens.reasoning'],
  ['quality, quality tier, model quality, intelligence', 'tasks[].capability', { isQuality: true }],
  ['vision', 'tasks[].needs', { member: 'vision' }],
  ['tools, tool use, tool calling, function calling', 'tasks[].needs', { member: 'tools' }],
  ['monthly budget, budget per month, max monthly cost, max cost per month, monthly limit', 'budget.monthly'],
  ['monthly budget usd, budget usd per month', 'budget.monthly'],
  ['devops engineers, sre, sres', 'team.devops'],
  ['ml engineers, mlops, mlops engineers', 'team.mlInfra'],
  ['optimize, optimise, optimize for, optimise for, goal', 'preferences.objective'],
  ['own gpus, owned gpus, existing gpus, existing hardware', 'existing'],
  ['current, currently, current setup, status quo', 'today'],
];

/** The same where the field stands in a certain map. */
const fieldsIn: Readonly<Record<string, readonly Habit[]>> = {
  existing: [
    ['gpu, gpus, card, cards, name, type, model, hardware', 'existing[].accelerator'],
    ['number, amount, quantity', 'existing[].count'],
  ],
  rag: [['count, number', 'needs.rag.documents']],
  tasks: [['task, task type, use case', 'tasks[].type']],
  tokens: [
    ['in, prompt', 'tasks[].tokens.input'],
    ['out, completion', 'tasks[].tokens.output'],
  ],
  budget: [
    ['per month, month, max monthly, max monthly usd, monthly usd, max per month, usd per month', 'budget.monthly'],
  ],
  today: [['cost, spend, costs, monthly cost, monthly bill, monthly spend, usd per month', 'today.bill']],
};

/** Maps that there are not: what stands in them is meant as if it stood around them. */
const wrappers =
  'constraints, constraint, hard constraints, requirements, requirement, limits, security, privacy, performance, governance, compliance, slo, slos';

/** Of these, those that hold limits: a number of requests in them may be a cap, not the load. */
const limiting = 'constraints, constraint, hard constraints, limits, performance, slo, slos';

export const isWrapper = (key: string, value: unknown): boolean =>
  isMap(value) && isGuess(wrappers, key) && !(isGuess(limiting, key) && Object.keys(value).some(countsLoad));

const countsLoad = (key: string): boolean =>
  fields.some(([guesses, means]) => means === 'workload.volume' && isGuess(guesses, key));

/** Maps about something else than the requests: what stands in them is about that, too. */
const apart: ReadonlySet<unknown> = new Set([
  ...['team', 'budget', 'existing', 'devices', 'today', 'preferences', 'prices', 'assumptions', 'measured', 'expect'],
]);

const isThere = (path: Path, [, means]: Habit): boolean => {
  const [root] = path;
  if (apart.has(root)) return means.startsWith(String(root));
  // Documents of a workload may be those that it reads or those that it searches.
  return !(root === 'workload' && means === 'needs.rag');
};

/** What a field that there is not can only mean; null: several things, or nothing that is known. */
export function habitOf(path: Path, key: string, tables: Tables | undefined): Habit | null {
  const parent = String(path.findLast((step) => typeof step === 'string') ?? '');
  const among = (table: readonly Habit[] | undefined) =>
    table?.find((habit) => isGuess(habit[0], key) && isThere(path, habit));
  const found = among(Object.hasOwn(fieldsIn, parent) ? fieldsIn[parent] : undefined) ?? among(fields);
  if (found !== undefined) return found;
  const law = regimeCalled(key, tables);
  const ofLaw: Habit | null = law === null ? null : [key, 'data.regimes', { member: law }];
  return ofLaw !== null && isThere(path, ofLaw) ? ofLaw : null;
}

const regimeCalled = (word: string, tables: Tables | undefined): string | null =>
  sameName(
    word,
    new Set(tables?.regimes.flatMap(({ regime, aliases }) => (regime === 'none' ? [] : [regime, ...aliases]))),
  );

/** A number without a unit, a range of two, or a share. */
const bare = /^[\d.,_]+ ?[kKmMB]?%?(?:\.\.[\d.,_]+ ?[kKmMB]?%?)?$/;
const yes = 'true, yes, y, on, signed, required';

/** A value as the field that is meant has it; undefined: it does not say that. */
export function valueMeant(value: unknown, [, means, as]: Habit, tables: Tables | undefined): unknown {
  if (value === null) return undefined;
  if (as === undefined) {
    const isList = /^data\.(?:regimes|residency|agreements|kinds)$/.test(means);
    return isList && typeof value === 'string' && value.includes(',') ? value.split(/\s*,\s*/) : value;
  }
  if ('unit' in as) return bare.test(String(value)) ? `${value} ${as.unit}` : value;
  if ('lone' in as) return isMap(value) ? value : Array.isArray(value) ? undefined : { [as.lone]: value };
  if ('isQuality' in as) return qualityMeant(value, tables);
  if (!isGuess(yes, String(value))) return undefined;
  return 'yes' in as ? as.yes : as.member;
}

/** A tier or a model as a map of `capability`. */
function qualityMeant(value: unknown, tables: Tables | undefined): unknown {
  if (isMap(value)) return value;
  if (typeof value !== 'string') return undefined;
  const tier = sameName(value, enums.tier) ?? onlyMeaning('tier', value);
  if (tier !== null) return { tier };
  const model = sameName(value.replace(/\+thinking$/, ''), tables?.yardstickOf.keys() ?? []);
  return model === null ? undefined : { atLeast: value };
}

/** A lone value, or a lone entry, where a map or a list of maps is wanted; undefined: it may mean several things. */
export function loneMeant(path: Path, value: unknown, tables: Tables | undefined): unknown {
  const key = path.at(-1);
  if (path.length === 1 && key === 'tasks')
    return isMap(value) ? [value] : typeof value === 'string' ? [{ type: value }] : undefined;
  if (path.length === 2 && path[0] === 'tasks' && typeof value === 'string') return { type: value };
  if (key === 'existing' && isMap(value)) return [value];
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (key === 'capability') return qualityMeant(value, tables);
  if (key === 'data') return { sensitivity: value };
  if (key === 'workload') return { volume: value };
  if (key === 'devices') return { count: value };
  if (key === 'team' && isGuess('none, nobody, 0, no team', String(value))) return { devops: 0, mlInfra: 0 };
  if (key === 'budget' && /(?:\/|\bper )\s*mo(?:nth)?$/i.test(String(value))) return { monthly: value };
  return undefined;
}

/** What a word for the sensitivity of data says of them besides; null: it may mean several things. */
export function sensitivityOf(
  word: string,
  kindsMeant: readonly string[],
  tables: Tables | undefined,
): { sensitivity: string; kinds?: string; regimes?: string } | null {
  if (isGuess('personal, personal data, personal information, personally identifiable information', word))
    return { sensitivity: 'pii' };
  const law = regimeCalled(word, tables);
  if (law !== null) return { sensitivity: 'regulated', regimes: law };
  const [kind, ...others] = kindsMeant;
  return kind === undefined || others.length > 0 ? null : { sensitivity: 'regulated', kinds: kind };
}
