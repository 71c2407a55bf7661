import { applyPriceBook } from '../tables/price-book/apply-price-book.js';
import type { PriceBook } from '../tables/price-book/price-book.js';
import type { Prose, Tables } from '../tables/tables.js';
import { isMap, show } from '../units/amount.js';
import { daysPerMonth } from '../units/month.js';
import type { Problem } from '../units/problem.js';
import { timesPerDay } from '../units/volume.js';
import { type ReadDocument, readDocument } from './document.js';
import { findingsOfHabits, type HabitReading, lineAround, originIn, readHabits } from './habit-readings.js';
import { type Finding, findingError, findingsOf, findingWarning, whyNotText } from './issues.js';
import { knownAssumptions, sensitivityMeant, unknownNames } from './known-names.js';
import { contradictions, unknownWishes } from './lint-contradictions.js';
import { suspicions, suspicionsInTables } from './lint-suspicious.js';
import { withoutEffect } from './lint-without-effect.js';
import { countVolumes, jsonDocument, type Salvaged, salvage } from './partial-read.js';
import { type Scenario, scenarioSchema } from './schema.js';
import { applySettings, pathText, resolvePath, type Settings, setFile } from './set.js';
import { copyTree, getIn, type Path, type Place, placesIn, problemAt } from './source.js';
import { spellAsKnown } from './words.js';

const unread: Prose = () => ({ source: '', date: '', note: '' });

/** The tables with the scenario's prices, and the problems of applying them. */
function pricedTables(
  { prices }: Scenario,
  tables: Tables,
  asOf: string | null,
): { tables: Tables; findings: Finding[] } {
  if (!prices) return { tables, findings: [] };
  const book: PriceBook = { ...prices, label: '', inScenario: true, where: (path) => path.join('.') };
  const { problems, tables: priced } = applyPriceBook(tables, unread, book, asOf);
  const findings = problems.map(
    (problem): Finding => ({ ...problem, path: ['prices', ...problem.path], on: 'value', uses: [] }),
  );
  return { tables: priced, findings };
}

/** A scenario with the means to point into the text it came from. */
export type ReadScenario = {
  scenario: Scenario;
  file: string;
  text: string;
  /** The position of the value at a path, tasks by name or position; null: not written. */
  at(path: Path): Place | null;
  /** The same text with further `path=value` settings; null: invalid. */
  changed(set: readonly string[]): Scenario | null;
  /** The plain data it was read from, `--set` applied; not to be changed. */
  tree: unknown;
  /** What it says without effect, or by a name that nobody has, each with why. */
  ignored: readonly Pick<Problem, 'path' | 'message'>[];
};

export type ReadOptions = {
  /** Name of the file, for messages only. */
  file: string;
  /** `path=value`, applied in order. */
  set?: readonly string[];
  /** If given, names are checked against them, and assumptions read in their units. */
  tables?: Tables;
  /** The day of the assessment, `YYYY-MM-DD`; if given, no later rate of exchange is allowed. */
  asOf?: string;
};

/**
 * Reads a scenario from YAML or JSON text. All problems come at once, sorted by place; with an error there is no
 * scenario. Never throws.
 */
export function readScenario(
  text: string,
  options: ReadOptions,
): { scenario: ReadScenario | null; problems: Problem[] } {
  const { file } = options;
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const placeAt = placesIn(file, bare);
  const unfit = whyNotText(bare, file, placeAt);
  if (unfit) return { scenario: null, problems: [unfit] };
  let parsed: ReturnType<typeof readDocument> | null = null;
  const slowly = () => {
    parsed ??= readDocument(bare, file, placeAt);
    return parsed;
  };
  const quick = jsonDocument(bare, () => slowly().document);
  if (quick !== null) {
    const read = readFrom({ document: quick, problems: [] }, text, options);
    if (read.problems.length === 0 || slowly().problems.length === 0) return read;
  }
  return readFrom(slowly(), text, options);
}

function readFrom(
  { document, problems }: ReturnType<typeof readDocument>,
  text: string,
  options: ReadOptions,
): { scenario: ReadScenario | null; problems: Problem[] } {
  const { file, set = [], tables, asOf = null } = options;
  if (!document) return { scenario: null, problems: sorted(problems, set) };
  if (!isMap(document.value)) {
    return { scenario: null, problems: sorted([...problems, notMap(document, file)], set) };
  }
  const attempt = (base: unknown, paths: readonly string[], hasHabits: boolean) => {
    const root = copyTree(base);
    const settings = applySettings(root, paths);
    const habits = hasHabits ? readHabits(root, tables) : [];
    return { root, settings, habits, ...check(root, tables, asOf) };
  };
  let base: unknown = document.value;
  let ofFile: HabitReading[] = [];
  let read = attempt(base, set, false);
  if (!read.isWellFormed) {
    // Settings use the format's paths, so the file's habits are rewritten first.
    base = copyTree(document.value);
    ofFile = readHabits(base, tables);
    read = attempt(base, set, true);
  }
  const { root, settings, habits, scenario, findings } = read;
  const locate = locator(document, settings);
  const origin = (path: Path) => originIn(ofFile, originIn(habits, path) ?? path) ?? path;
  const twoVolumes = scenario === null ? [] : burstsOrVolume(root, scenario, settings);
  const found = [
    ...[...findings, ...twoVolumes].map((finding) =>
      toProblem(finding, root, file, (path, on) => locate(origin(path), on)),
    ),
    ...[...findingsOfHabits(ofFile, spelled(base, tables)), ...findingsOfHabits(habits, root)].map((finding) =>
      toProblem(finding, root, file, locate),
    ),
  ];
  // What the text itself got wrong explains whatever else is wrong at that place.
  const places = new Set([...problems, ...settings.problems].map(placeKey));
  const all = [...problems, ...settings.problems, ...found.filter((problem) => !places.has(placeKey(problem)))];
  const at = (path: Path) => {
    const resolved = resolvePath(root, path);
    if (!('path' in resolved) || getIn(root, resolved.path) === undefined) return null;
    const place = origin(resolved.path);
    return settings.locate(place, 'value') ?? document.find(place);
  };
  const failed = scenario === null || all.some(isError);
  const changed = (more: readonly string[]) => {
    const plain = attempt(base, [...set, ...more], false);
    const again = plain.isWellFormed ? plain : attempt(base, [...set, ...more], true);
    return again.settings.problems.some(isError) || again.findings.some(isError) ? null : again.scenario;
  };
  const ignored = found.filter(({ code }) => ignoredCodes.has(code));
  return {
    scenario: failed ? null : { scenario, file, text, at, changed, tree: root, ignored },
    problems: sorted(all, set),
  };
}

/** A copy with names as they are known. */
function spelled(root: unknown, tables: Tables | undefined): unknown {
  const copy = copyTree(root);
  spellAsKnown(copy, tables);
  return copy;
}

/**
 * A volume next to bursts is ambiguous (a base load, or all of them) unless both agree. A setting of the volume of a
 * scenario in bursts is that of the bursts.
 */
function burstsOrVolume(root: unknown, { workload }: Scenario, settings: Settings): Finding[] {
  const path: Path = ['workload', 'volume'];
  const { bursts, volume } = workload;
  const written = getIn(root, path);
  if (bursts === undefined || written === undefined) return [];
  const perDay = volume.per === null ? 0 : volume.amount.likely * timesPerDay(volume.per, daysPerMonth);
  const { requests } = bursts;
  const inBursts = (requests?.likely ?? 0) * bursts.perDay;
  const isSame = volume.of === 'requests' && Math.abs(inBursts / perDay - 1) < sameVolume;
  if (isSame || settings.locate(path, 'value') !== null) {
    const message =
      '`requests` has no effect beside `volume`, which over `perDay` is what a burst has: leave one of them out';
    return requests === undefined ? [] : [findingWarning('no-effect', ['workload', 'bursts', 'requests'], message)];
  }
  const each = requests?.likely ?? Number((perDay / bursts.perDay).toPrecision(3));
  const one = volume.of === 'requests' ? `{perDay: ${bursts.perDay}, requests: ${each}}` : '{perDay: …, requests: …}';
  const message = `is ${show(written)} all that comes in the bursts, or a base load beside them?`;
  const hint = `write \`bursts: ${one}\` without \`volume\` where all comes in bursts; a base load with peaks is a \`volume\` with a \`profile\` of 24 numbers, or \`{peakToMean: 3}\`, without \`bursts\``;
  return [findingError('volume-and-bursts', path, message, { suggestion: hint, uses: [['workload', 'bursts']] })];
}
/** So near, as a share, two volumes are one that was rounded. */
const sameVolume = 0.01;

const ignoredCodes: ReadonlySet<string> = new Set(['no-effect', 'unknown-wish', 'unused-volume']);

const isError = ({ severity }: { severity: string }): boolean => severity === 'error';

/** Reads plain data, as far as possible. Writes names in `root` as known. */
function check(
  root: unknown,
  tables: Tables | undefined,
  asOf: string | null,
): { scenario: Scenario | null; findings: Finding[]; isWellFormed: boolean } {
  const readAs = spellAsKnown(root, tables).map(({ path, word, meant, instead }) =>
    findingWarning('read-as', path, `\`${word}\` is read as \`${meant}\``, {
      suggestion: instead ?? `write \`${lineAround(root, path)}\``,
    }),
  );
  const parsed = scenarioSchema.parse(root);
  const mistakes = parsed.success ? [] : findingsOf(parsed.issues, root);
  const found = tables ? mistakes.map((finding) => sensitivityMeant(finding, root, tables)) : mistakes;
  const readable: Salvaged | null = parsed.success
    ? { scenario: parsed.data, unreadable: () => false }
    : salvage(root, parsed.issues);
  const isWellFormed = parsed.success;
  if (!readable) return { scenario: null, findings: found, isWellFormed };
  const { unreadable } = readable;
  const { scenario, findings: counted } = countVolumes(readable.scenario, root);
  const across = [...readAs, ...counted, ...contradictions(scenario), ...suspicions(scenario)];
  const inTables = tables ? againstTables(scenario, root, tables, asOf) : [];
  const assumed = tables ? knownAssumptions(scenario, root, tables) : { assumptions: null, findings: [] };
  const more = [...across, ...inTables, ...assumed.findings].filter(
    ({ path, uses }) => ![path, ...uses].some(unreadable),
  );
  return {
    scenario: assumed.assumptions ? { ...scenario, assumptions: assumed.assumptions } : scenario,
    findings: [...found, ...more],
    isWellFormed,
  };
}

function againstTables(scenario: Scenario, root: unknown, tables: Tables, asOf: string | null): Finding[] {
  const priced = pricedTables(scenario, tables, asOf);
  return [
    ...unknownNames(scenario, root, priced.tables),
    ...priced.findings,
    ...unknownWishes(scenario, priced.tables),
    ...withoutEffect(scenario, root, tables),
    ...suspicionsInTables(scenario, tables),
  ];
}

const placeKey = ({ file, line, column }: Problem) => `${file}:${line}:${column}`;

type Locate = (path: Path, on: 'value' | 'key') => Place | null;

/** What `--set` wrote, else what the file has, else the nearest parent in either. */
const locator =
  (document: ReadDocument, settings: Settings): Locate =>
  (path, on) => {
    const written = settings.locate(path, on) ?? document.find(path, on) ?? settings.made(path);
    if (written) return written;
    const parent = path.slice(0, -1);
    const made = document.find(parent) ? null : settings.made(parent);
    return made ?? document.locate(path, on);
  };

function toProblem(finding: Finding, root: unknown, file: string, locate: Locate): Problem {
  const { severity, code, message, suggestion, path, on } = finding;
  return problemAt(file, locate(path, on), { severity, code, message, suggestion, path: pathText(root, path) });
}

function notMap(document: ReadDocument, file: string): Problem {
  const empty = document.value === null || document.value === undefined;
  const about = empty
    ? { code: 'empty-file', message: 'the file is empty: a scenario needs version, workload and tasks' }
    : { code: 'not-a-map', message: 'a scenario has the fields version, workload and tasks' };
  return problemAt(file, empty ? null : document.locate([], 'value'), about);
}

/** By place: the file first, then the `--set` arguments in their order. */
function sorted(problems: readonly Problem[], set: readonly string[]): Problem[] {
  const place = ({ file, line, column, excerpt }: Problem) =>
    [file === setFile ? 1 : 0, file === setFile ? set.indexOf(excerpt ?? '') : 0, line ?? 0, column ?? 0] as const;
  return problems.toSorted((a, b) => {
    const [one, other] = [place(a), place(b)];
    const step = one.findIndex((part, index) => part !== other[index]);
    if (step !== -1) return (one[step] ?? 0) - (other[step] ?? 0);
    const [left, right] = [`${a.code} ${a.path}`, `${b.code} ${b.path}`];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/**
 * The tables and their prose with the scenario's own prices, if any.
 *
 * @throws Error when they name what the tables do not have: `readScenario` finds that when it is given the tables.
 */
export function withScenarioPrices(read: ReadScenario, tables: Tables, prose: Prose): { tables: Tables; prose: Prose } {
  const { prices } = read.scenario;
  if (!prices) return { tables, prose };
  const book: PriceBook = {
    ...prices,
    label: `${prices.name} (in ${read.file})`,
    inScenario: true,
    where(path) {
      const place = read.at(['prices', ...path]);
      return place === null ? read.file : `${place.file}:${place.line}`;
    },
  };
  const { problems, ...priced } = applyPriceBook(tables, prose, book);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new Error(`${error.message}: readScenario checks prices when it is given the tables`);
  return priced;
}
