import type { ParameterRow } from '../tables/columns.js';
import { conditionTokens, offeredTokens } from '../tables/integrity.js';
import { bareWord, isExpression, knownWords, wordsAsked } from '../tables/rules.js';
import type { Tables } from '../tables/tables.js';
import { type Reader, refuse } from '../units/amount.js';
import { nameKey, nearest, suggestion } from '../units/problem.js';
import { type Bounds, parameterReader } from '../units/readers.js';
import { notWhole, type Uncertain } from '../units/uncertain.js';
import { type Finding, type Findings, findingError, findingWarning } from './issues.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import { getIn, isProvider, type Path, providerNames } from './source.js';
import { kindsMeant, withOtherWords, wordMeant } from './wrong-guesses.js';

const nonText = /speech|audio|voice|transcri|tts|asr|music|video|image-gen|text-to-image|training|embedding/;

/** Names in the scenario that the tables do not know. */
export function* unknownNames(scenario: Scenario, root: unknown, tables: Tables): Findings {
  const { workload, tasks, data, development, existing = [], devices, measured = [] } = scenario;
  const { profileOf, acceleratorOf } = tables;
  const { profile } = workload;
  if (typeof profile === 'string') yield* ofNames('profile', ['workload', 'profile'], profile, profileOf);
  for (const [index, task] of tasks.entries()) yield* ofTask(task, ['tasks', index], root, tables);
  yield* ofData(development?.data, ['development', 'data'], root, tables);
  yield* ofData(data, ['data'], root, tables);
  for (const [index, { accelerator }] of existing.entries())
    yield* ofNames('accelerator', ['existing', index, 'accelerator'], accelerator, acceleratorOf);
  for (const [index, { model, accelerator }] of measured.entries()) {
    yield* ofWeights(model, ['measured', index, 'model'], tables);
    yield* ofNames('accelerator', ['measured', index, 'accelerator'], accelerator, acceleratorOf);
  }
  for (const name of Object.keys(devices?.classes ?? {})) yield* ofDevice(name, tables);
}

/** A name that must be one of some. */
function* ofNames(what: keyof typeof kinds, path: Path, name: string, known: ReadonlyMap<string, unknown>): Findings {
  if (!known.has(name)) yield unknown(what, path, name, [...known.keys()]);
}

/**
 * The sensitivity of data where a kind of data or a law is written: regulated. As a misspelled word it could be less
 * protected.
 */
export function sensitivityMeant(finding: Finding, root: unknown, { regimes }: Tables): Finding {
  const { path, code } = finding;
  const value = getIn(root, path);
  if (code !== 'unknown-value' || path.at(-1) !== 'sensitivity' || typeof value !== 'string') return finding;
  const named = regimes.filter(({ regime }) => regime !== 'none');
  const kinds = named.map(({ dataKind }) => dataKind);
  const laws = named.map(({ regime }) => regime);
  const said = (names: readonly string[]) => names.find((name) => `${name}-`.startsWith(`${value.toLowerCase()}-`));
  const law = said(laws) ?? (said(kinds) === undefined ? nearest(value, laws) : null);
  const kind = law === null ? (said(kinds) ?? nearest(value, kinds)) : null;
  if (kind === null && law === null) return finding;
  const beside = kind === null ? `regimes: [${law}]` : `kinds: [${kind}]`;
  return { ...finding, suggestion: `write \`sensitivity: regulated\` with \`${beside}\`` };
}

function* ofTask(task: ScenarioTask, path: Path, root: unknown, tables: Tables): Findings {
  const { easy, sensitive, tuned } = task;
  const redaction = sensitive?.redaction;
  const at = (text: string): Path => [...path, ...text.split('.')];
  yield* ofTaskType(task.type, at('type'), tables);
  yield* ofModel(task.capability, at('capability.atLeast'), tables);
  yield* ofData(task.data, at('data'), root, tables);
  yield* ofModel(easy?.capability, at('easy.capability.atLeast'), tables);
  yield* ofModel(tuned?.capability, at('tuned.capability.atLeast'), tables);
  yield* ofData(sensitive?.rest, at('sensitive.rest'), root, tables);
  if (redaction) yield* ofTaskType(redaction.type, at('sensitive.redaction.type'), tables);
  yield* ofData(redaction?.leaves, at('sensitive.redaction.leaves'), root, tables);
  yield* ofTools(task, path, tables);
}

/** A called tool needs a fee of a provider or the user; the user's fee needs a called tool. */
function* ofTools(
  { tools = {}, fees: { perToolCall: own = {} } = {} }: ScenarioTask,
  path: Path,
  { fees }: Tables,
): Findings {
  const names = Object.keys(tools);
  if (names.length + Object.keys(own).length === 0) return;
  const known = [...new Set(fees.flatMap(({ tool, fee }) => [tool, fee]))];
  const called = names.map((name) => fees.find(({ fee }) => fee === name)?.tool ?? name);
  for (const [index, name] of names.entries()) {
    const at = [...path, 'tools', name];
    const first = called.indexOf(called[index] as string);
    const message = `\`${name}\` and \`${names[first]}\` are one tool, \`${called[first]}\``;
    const suggestion = 'write all calls of it under one name';
    if (!known.includes(name) && !Object.hasOwn(own, name)) yield unknown('tool', at, name, known, 'key');
    else if (first !== index) yield findingError('said-twice', at, message, { on: 'key', suggestion });
  }
  for (const name of Object.keys(own)) {
    const message = `no request calls \`${name}\`, so this fee has no effect`;
    const hint = { on: 'key', suggestion: `write \`tools: {${name}: 1}\` for one call per request` } as const;
    if (!Object.hasOwn(tools, name))
      yield findingWarning('no-effect', [...path, 'fees', 'perToolCall', name], message, hint);
  }
}

/** A region without any known provider leaves only own hardware. */
function* ofEmptyRegions(residency: readonly string[], path: Path, tables: Tables): Findings {
  const isPlace = (name: string): boolean =>
    tables.regions.some(({ region, tokens }) => region === name && tokens.includes(name));
  if (residency.length === 0 || !residency.every(isPlace)) return;
  const there = new Set([
    ...tables.providers.flatMap(({ regions }) => regions.map(bareWord)),
    ...tables.rental.flatMap(({ region }) => tables.regionOf.get(region)?.tokens ?? []),
  ]);
  const names = residency.map((name) => `\`${name}\``).join(', ');
  const message = `nobody in the tables is known to process or to rent out machines in ${names}, so that machines of your own are left`;
  const suggestion = 'tell of who does under `providers` of a price book';
  if (!residency.some((name) => there.has(name))) yield findingWarning('empty-region', path, message, { suggestion });
}

/** A device class is a chip that people carry or have at a desk, not in a data center. */
function* ofDevice(name: string, { acceleratorOf }: Tables): Findings {
  const path: Path = ['devices', 'classes', name];
  const row = acceleratorOf.get(name);
  if (row !== undefined && row.kind !== 'datacenter') return;
  const fit = [...acceleratorOf].flatMap(([known, { kind }]) => (kind === 'datacenter' ? [] : [known]));
  const message = `\`${name}\` is a card of a data center, not a device in the field`;
  yield row === undefined
    ? unknown('device', path, name, fit, 'key')
    : findingError('not-a-device', path, message, { on: 'key', suggestion: suggestion(name, fit, 'known') });
}

/** Whole lists of names that a reader can still look through. */
const mostListed = 30;

/** Kinds of unknown names, in words, and the command that lists too many for a message. */
const kinds = {
  profile: { words: 'profile', lists: null },
  accelerator: { words: 'accelerator', lists: 'deploy-advisor hardware' },
  device: { words: 'device', lists: 'deploy-advisor hardware (any kind but datacenter)' },
  model: { words: 'model', lists: 'deploy-advisor models' },
  regime: { words: 'regime', lists: null },
  token: { words: 'claim', lists: null },
  'data-kind': { words: 'kind of data', lists: null },
  region: { words: 'region', lists: null },
  tool: { words: 'tool', lists: null },
} as const;

/** Of more places than anybody reads. */
const someRegions = 'write `eea`, `us`, `uk` or the two letters of another country';

function unknown(
  what: keyof typeof kinds,
  path: Path,
  name: string,
  candidates: readonly string[],
  on: 'key' | 'value' = 'value',
  more: string | null = null,
): Finding {
  const { lists } = kinds[what];
  const hint =
    more ??
    wordMeant(path, name) ??
    suggestion(name, candidates, 'known', mostListed) ??
    (what === 'region' ? someRegions : lists && `${lists} lists what there is`);
  return findingError(`unknown-${what}`, path, `unknown ${kinds[what].words} \`${name}\``, {
    on,
    suggestion: hint,
  });
}

function* ofTaskType(type: string, path: Path, { taskOf }: Tables): Findings {
  if (taskOf.has(type)) return;
  const names = [...taskOf.keys()];
  const meant = wordMeant(path, type);
  const isText = meant !== null || !nonText.test(type.toLowerCase()) || nearest(type, names) !== null;
  const message = `\`${type}\` is not a text task: speech, image generation, embedding and training are out of scope`;
  const near = meant ?? suggestion(type, names, 'known') ?? `known: ${withOtherWords('type', names)}`;
  yield isText
    ? findingError('unknown-task-type', path, `unknown task type \`${type}\``, { suggestion: near })
    : findingError('unsupported-task', path, message);
}

/** A model named as later, or without weights, must be in the tables. */
function* ofWeights(model: string, path: Path, { modelOf, yardstickOf, snapshot }: Tables): Findings {
  const message = `the tables of ${snapshot.date} have no weights of \`${model}\`, so it has no effect`;
  if (!yardstickOf.has(model)) yield* ofNames('model', path, model, modelOf);
  else if (!modelOf.has(model)) yield findingWarning('no-effect', path, message);
}

function* ofModel(capability: ScenarioTask['capability'], path: Path, { yardstickOf }: Tables): Findings {
  if (!capability || !('atLeast' in capability)) return;
  const name = capability.atLeast.replace(/\+thinking$/, '');
  const row = yardstickOf.get(name);
  yield* ofNames('model', path, name, yardstickOf);
  const index = name === capability.atLeast ? (row?.indexStandard ?? row?.indexThinking) : row?.indexThinking;
  if (index === null) yield findingError('no-index', path, `no quality is known of \`${capability.atLeast}\``);
}

function* ofData(data: ScenarioData | undefined, path: Path, root: unknown, tables: Tables): Findings {
  if (!data) return;
  const { regimes = [], kinds: named = [], residency = [], ownRoom, declared = [] } = data;
  // Names are collected on demand: a scenario is checked often with other values.
  const lists: [string, keyof typeof kinds, string[], () => Iterable<string>, (name: string) => string | null][] = [
    ['regimes', 'regime', regimes, () => regimesIn(tables), (name) => regimeHint(name, regimesIn(tables), data)],
    [
      'kinds',
      'data-kind',
      named,
      () => tables.regimes.map((row) => row.dataKind),
      (name) => kindHint(name, tables, regimes),
    ],
    ['residency', 'region', residency, () => knownWords('regions', tables), () => null],
  ];
  for (const [key, what, names, gather, hint] of lists) {
    const known = new Set(names.length === 0 ? [] : gather());
    for (const [index, name] of names.entries())
      if (!known.has(name)) yield unknown(what, [...path, key, index], name, [...known], 'value', hint(name));
  }
  yield* ofOwnRegimes(data, path, tables);
  yield* ofEmptyRegions(residency, [...path, 'residency'], tables);
  // A region that no table knows has no price of electricity either.
  const regions = knownWords('regions', tables);
  if (ownRoom !== undefined && !regions.has(ownRoom))
    yield unknown('region', [...path, 'ownRoom'], ownRoom, [...regions]);
  yield* ofAgreements(data, path, root, tables);
  const asked = declared.length === 0 ? new Set<string>() : wordsAsked(tables, 'org');
  for (const [index, token] of declared.entries())
    if (!asked.has(token)) yield unheard([...path, 'declared', index], token, asked);
}

const regimesIn = ({ regimes }: Tables): string[] => [
  ...new Set(regimes.flatMap(({ regime, aliases }) => [regime, ...aliases])),
];

/** A name that is near, or how to write a rule of one's own. */
const regimeHint = (name: string, known: readonly string[], data: ScenarioData): string | null =>
  wordMeant(['regimes'], name) ?? suggestion(name, known, 'known', 0) ?? ownRegime(name, data);

/** The replacement of an everyday word for a kind of data; it needs a regime. */
function kindHint(word: string, tables: Tables, named: readonly string[]): string | null {
  const meant = kindsMeant(word, tables, named);
  if (meant.length === 0) return null;
  const each = meant.map(({ kind, regimes }) => `\`${kind}\` with \`regimes: [${regimes[0]}]\``);
  return `write ${each.join(', or ')}, or leave it out`;
}

/** Requirements of an own regime must be tokens of the tables. */
function* ofOwnRegimes({ ownRegimes = [] }: ScenarioData, path: Path, tables: Tables): Findings {
  for (const [index, { requires }] of ownRegimes.entries()) {
    if (requires === undefined) continue;
    const at = [...path, 'ownRegimes', index, 'requires'];
    const message = 'write tokens joined by & and |, such as region:br & agreement:dpa';
    if (!isExpression(requires)) yield findingError('bad-expression', at, message);
    const known = offeredTokens(tables);
    for (const token of isExpression(requires) ? conditionTokens(requires) : [])
      if (!known.has(token))
        yield token.startsWith('cert:') ? unheardCert(at, token, known) : unknown('token', at, token, [...known]);
  }
}

/** A certificate that no provider is known to have or lack: a question to each. */
function unheardCert(path: Path, token: string, known: ReadonlySet<string>): Finding {
  const name = token.slice('cert:'.length);
  const near = nearest(
    token,
    [...known].filter((one) => one.startsWith('cert:')),
  );
  const message = `no row of the tables names the certificate \`${name}\`: each provider has to be asked for it`;
  return findingWarning('unknown-cert', path, message, { suggestion: near && `did you mean \`${near}\`?` });
}

/** A law or standard missing in the tables, as an own rule: its data region, and a certificate of its name. */
function ownRegime(name: string, { residency = [] }: ScenarioData): string {
  const regions = residency.map((region) => `region:${region}`).join(' | ');
  const place = residency.length > 1 ? `(${regions}) & ` : regions && `${regions} & `;
  const rule = `- {name: ${name}, requires: "${place}cert:${nameKey(name)}"}`;
  return `the tables have no rule for it: write yours under data, \`ownRegimes:\` and below it \`${rule}\``;
}

/** An agreement that nobody offers or requires has no effect: suspicious, as its names are free. */
function* ofAgreements({ agreements }: ScenarioData, path: Path, root: unknown, tables: Tables): Findings {
  if (!agreements) return;
  const isPlainList = Array.isArray(getIn(root, [...path, 'agreements']));
  const known = knownWords('agreements', tables);
  for (const key of ['signed', 'canSign'] as const)
    for (const [index, entry] of agreements[key].entries()) {
      const [token = '', provider] = entry.split(':');
      const at = [...path, 'agreements', ...(isPlainList ? [] : [key]), index];
      if (!known.has(token)) yield unheard(at, token, known);
      else if (provider !== undefined && !isProvider(provider, tables))
        yield unheard(at, provider, providerNames(tables));
    }
}

function unheard(path: Path, token: string, known: Iterable<string>): Finding {
  const hint = suggestion(token, [...known], 'known');
  return findingWarning('no-effect', path, `unknown value \`${token}\`: it has no effect`, {
    suggestion: hint,
  });
}

/** Reads the assumptions in the units of their parameters; unknown names are errors, unused ones warnings. */
export function knownAssumptions(
  { assumptions }: Scenario,
  root: unknown,
  { parameterOf }: Tables,
): { assumptions: Record<string, Uncertain> | null; findings: Finding[] } {
  if (!assumptions) return { assumptions: null, findings: [] };
  const known: [string, Uncertain][] = [];
  const findings = Object.keys(assumptions).flatMap((name): Finding[] => {
    const path: Path = ['assumptions', name];
    const warn = (code: string, message: string, suggestion: string) =>
      findingWarning(code, path, message, { on: 'key', suggestion });
    if (removed.has(name))
      return [warn('no-effect', `\`${name}\` does nothing: what it was for was removed`, 'leave it out')];
    const now = (Object.hasOwn(renamed, name) && renamed[name]) || name;
    if (now !== name && assumptions[now] !== undefined)
      return [warn('no-effect', `\`${now}\` is given too, so \`${name}\` has no effect`, 'leave it out')];
    const former = now === name ? [] : [warn('read-as', `\`${name}\` is read as \`${now}\``, `write \`${now}\``)];
    const row = parameterOf.get(now);
    if (!row) {
      const hint = { on: 'key', suggestion: suggestion(name, [...parameterOf.keys()], 'known') } as const;
      return [...former, findingError('unknown-assumption', path, `unknown assumption \`${name}\``, hint)];
    }
    const reading = assumptionReader(row)(getIn(root, path));
    if (!reading.ok) return [...former, findingError('bad-value', path, reading.message)];
    known.push([now, reading.value]);
    const hint = '--detail inputs of assess lists what a decision takes';
    const unused = warn('no-effect', `no figure takes \`${name}\`, so it has no effect`, hint);
    return row.used ? former : [...former, unused];
  });
  return { assumptions: Object.fromEntries(known), findings };
}

/** Assumptions by their former names. */
export const renamed: Readonly<Record<string, string>> = {
  buyingReturn: 'atRisk',
  ownedFirstSaving: 'ownedShare',
  ownedFirstUsd: 'ownedUsd',
};

/** Removed assumptions: limits of searches, of rules of choice, of playbooks and of levers. */
const removed: ReadonlySet<string> = new Set([
  ...['tieBand', 'tieBandUsd', 'surerModelUsd', 'surerModelExtra', 'softRuleExtra', 'softRuleDecisions'],
  ...['objectiveDecisions', 'searchBoundBudget', 'breakEvenStaffUpTo', 'breakEvenEvaluations'],
  ...['prototypeWeeks', 'prototypeVolumeShare', 'measureWeeks', 'parallelRunWeeks', 'shiftStepWeeks'],
  ...['keepTodayWeeks', 'replaceModelWeeks', 'firstBillWeeks', 'billDeviation'],
  ...['speculativeTokens', 'speculativeAcceptance'],
  ...['flipRounds', 'flipRoundsInFull', 'flipDecisions', 'flipDecisionsInFull'],
]);

/** Reads an assumption in its unit, within its bounds, whole if a count. */
export function assumptionReader(row: ParameterRow): Reader<Uncertain> {
  const reader = parameterReader(row.unit, boundsOf(row));
  if (!isCount(row.unit)) return reader;
  return (written) => {
    const reading = reader(written);
    if (!reading.ok) return reading;
    const { likely, range } = reading.value;
    // The middle of a range is an expectation, as are the ends of one given by its mean.
    const given = range === null || range.of === 'lognormal' ? [likely] : [range.low, range.high];
    const part = given.find((value) => !Number.isInteger(value));
    return part === undefined ? reading : refuse(notWhole(written, part, row.unit, false));
  };
}

/** Whether a parameter in this unit counts things of which there is no part. */
export const isCount = (unit: string): boolean =>
  /^(?:months|deployments|replicas|bounds|GPUs|devices|cells|decisions|draws|flips|levels|plans|rounds|slices|steps|tasks|volumes|ways)$/.test(
    unit,
  );

const wholes = /^(?:months|deployments|replicas|requests|sequences|bounds|GPUs|tokens)$/;
const mostMonths = 120;
/** Costs in money or people: only added up, so they may be 0. */
const spending = /^(?:fte$|person-weeks$|usd\/)/;

/**
 * Bounds of a parameter, from its row: never negative, a fraction at most 1, positive ones stay so unless a cost, and
 * counts from 1 stay at least 1. Growth may be negative.
 */
function boundsOf({ low, unit }: ParameterRow): Bounds {
  if (unit === 'fraction/month') return { least: -0.99, most: 10 };
  return {
    least: low >= 1 && wholes.test(unit) ? 1 : 0,
    ...(low > 0 && !spending.test(unit) && { aboveZero: true }),
    ...(/^fraction(?: |\/|$)/.test(unit) && { most: 1 }),
    ...(unit === 'months' && { most: mostMonths }),
  };
}
