import type * as z from 'zod';
import type { Problem } from '../../units/problem.js';
import { suggestion } from '../../units/suggest.js';
import { kinds } from '../kinds.js';
import type { Kind } from '../rows.js';
import type { TableFile } from '../table-file.js';
import { readYaml, shapeProblems, type YamlFile } from '../yaml-file.js';
import { type Expression, type NameKind, type Operand, readExpression, type Scope } from './expression.js';
import {
  type Feed,
  type Guide,
  type GuideBook,
  type GuideInput,
  type GuideVerdict,
  isValueOf,
  noGuides,
  type PlaceList,
  scenarioFacts,
  scopeOf,
  taskFacts,
} from './guide.js';
import { GuideFile, type GuideText, guideKeys, SharedFile } from './guide-file.js';

/** The file of what guides share; every other one is a guide. */
export const sharedFile = 'shared.yaml';

type Path = (string | number)[];
/** A file with the problems found in it so far. */
type Open = { yaml: YamlFile; problems: Problem[] };

/** Reads the files of a guides folder; all problems are found, each with its line and column. */
export function readGuides(files: readonly TableFile[]): { book: GuideBook; problems: Problem[] } {
  const problems: Problem[] = [];
  const shared = files.find(({ file }) => isShared(file));
  if (files.length === 0) return { book: noGuides, problems };
  if (shared === undefined) {
    const folder = (files[0]?.file ?? '').replace(/[^/\\]*$/, '');
    const message = 'this file is missing: it says how guides read a scenario';
    return { book: noGuides, problems: [atFile('missing-file', folder + sharedFile, message)] };
  }
  const common = readShared(shared, problems);
  if (common === null) return { book: noGuides, problems };
  const guides = files
    .filter(({ file }) => !isShared(file))
    .flatMap((file) => readGuide(file, common, problems) ?? [])
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  guides.forEach(({ id, file }, index) => {
    const twin = guides[index - 1];
    if (twin?.id !== id) return;
    const { yaml } = readYaml(file, files.find((each) => each.file === file)?.text ?? '');
    const message = `guide ${id} stands in ${twin.file} too`;
    problems.push(yaml?.problem(['id'], 'duplicate-key', message) ?? atFile('duplicate-key', file, message));
  });
  return { book: { ...common, guides }, problems };
}

const isShared = (file: string): boolean => file.replaceAll('\\', '/').endsWith(`/${sharedFile}`);

const atFile = (code: string, file: string, message: string): Problem => ({
  severity: 'error',
  code,
  file,
  line: null,
  column: null,
  path: '',
  message,
  suggestion: null,
  excerpt: null,
});

function opened<T extends z.ZodType>(
  { file, text }: TableFile,
  shape: T,
  problems: Problem[],
): { content: z.output<T>; open: Open } | null {
  const { yaml, problems: unread } = readYaml(file, text);
  problems.push(...unread);
  if (yaml === null) return null;
  const result = shape.safeParse(yaml.content);
  if (result.success) return { content: result.data, open: { yaml, problems } };
  problems.push(...shapeProblems(yaml, result.error, 'bad-guide', guideKeys));
  return null;
}

type Common = Omit<GuideBook, 'guides'>;

function readShared(file: TableFile, problems: Problem[]): Common | null {
  const read = opened(file, SharedFile, problems);
  if (read === null) return null;
  const { content, open } = read;
  const facts = new Map<string, NameKind>(scopeOf(scenarioFacts));
  const derived: Common['derived'] = [];
  for (const [name, text] of Object.entries(content.derived)) {
    if (facts.has(name))
      open.problems.push(open.yaml.problem(['derived', name], 'duplicate-key', 'is a fact already', { on: 'key' }));
    const when = condition(text, ['derived', name], facts, open);
    if (when !== null) derived.push({ name, when });
    facts.set(name, { is: 'flag' });
  }
  return {
    daysPerMonth: content.days_per_month,
    taskClasses: casesOf(content.task_classes, ['task_classes'], scopeOf(taskFacts), open),
    derived,
    topics: content.topics.map(({ id, title, unit = null }) => ({ id, title, unit })),
  };
}

/** A condition; null with a problem where it cannot be read. */
function condition(text: string, path: Path, scope: Scope, { yaml, problems }: Open): Expression | null {
  const read = readExpression(text, scope);
  if ('expression' in read) return read.expression;
  const { at, message, suggestion } = read.mistake;
  problems.push(yaml.problem(path, 'bad-condition', message, { within: at, suggestion }));
  return null;
}

function casesOf(
  cases: readonly { value: string; when?: string | undefined }[],
  path: Path,
  scope: Scope,
  open: Open,
): { value: string; when: Expression | null }[] {
  return cases.map(({ value, when }, index) => ({
    value,
    when: when === undefined ? null : condition(when, [...path, index, 'when'], scope, open),
  }));
}

function readGuide(file: TableFile, common: Common, problems: Problem[]): Guide | null {
  const read = opened(file, GuideFile, problems);
  if (read === null) return null;
  const { content, open } = read;
  const { yaml } = open;
  const complain = (
    path: Path,
    message: string,
    near: { word: string; among: readonly string[]; noun: string } | null,
  ) =>
    problems.push(
      yaml.problem(path, 'bad-guide', message, { suggestion: near && suggestion(near.word, near.among, near.noun) }),
    );
  const inputs = Object.entries(content.inputs).map(([name, input]) => inputOf(name, input, common, open));
  const scope = new Map<string, NameKind>(inputs.map((input) => [input.name, kindOfInput(input)]));
  const declare = (name: string, path: Path, kind: NameKind): void => {
    if (scope.has(name)) complain(path, `"${name}" is a name already`, null);
    scope.set(name, kind);
  };
  const placesAt = (words: readonly string[], path: Path, more: readonly string[] = []): PlaceList =>
    words.flatMap((word, index): PlaceList => {
      // Names that every object knows, such as constructor, are no names of the guide's.
      const set = Object.hasOwn(content.sets, word) ? content.sets[word] : undefined;
      if (set !== undefined) return set.filter(isKind);
      if (isKind(word) || more.includes(word)) return [word as Kind];
      const among = [...kinds, ...Object.keys(content.sets), ...more];
      complain([...path, index], `"${word}" is no place`, { word, among, noun: 'places' });
      return [];
    });
  for (const [name, words] of Object.entries(content.sets)) {
    if (isKind(name)) complain(['sets', name], `"${name}" is a place already`, null);
    words.forEach((word, index) => {
      if (!isKind(word))
        complain(['sets', name, index], `"${word}" is no place`, { word, among: kinds, noun: 'places' });
    });
  }
  const kindsAt = (words: readonly string[] | undefined, path: Path): Kind[] | null =>
    words === undefined ? null : inOrder(placesAt(words, path).filter(isKind));
  const scoreNamed = (name: string | undefined, path: Path): string | null => {
    if (name !== undefined && !Object.hasOwn(content.scores, name))
      complain(path, `"${name}" is no score`, { word: name, among: Object.keys(content.scores), noun: 'scores' });
    return name ?? null;
  };

  const rules = content.rules.map((rule, index) => {
    const at: Path = ['rules', index];
    const when = condition(rule.when, [...at, 'when'], scope, open);
    declare(rule.id, [...at, 'id'], { is: 'flag' });
    if (rule.gate === undefined && rule.vote === undefined && rule.adds === undefined)
      complain(at, 'a rule has gate, vote or adds', null);
    return {
      id: rule.id,
      when: when ?? never,
      about: rule.about,
      factor: rule.factor ?? rule.id.replace(/(?<=\d)[a-z]$/, ''),
      gate: kindsAt(rule.gate, [...at, 'gate']),
      vote: kindsAt(rule.vote, [...at, 'vote']),
      adds: scoreNamed(rule.adds, [...at, 'adds']),
      says: rule.says,
    };
  });
  const scores = Object.entries(content.scores).map(([name, { as, zero_when }]) => ({
    name,
    as,
    zeroWhen: zero_when === undefined ? null : condition(zero_when, ['scores', name, 'zero_when'], scope, open),
  }));
  for (const { name } of scores) declare(name, ['scores', name], { is: 'number' });
  const whenAt = (text: string | undefined, path: Path): Expression | null =>
    text === undefined ? null : condition(text, path, scope, open);

  const verdicts = content.verdicts.map((verdict, index): GuideVerdict => {
    const at: Path = ['verdicts', index];
    const when = whenAt(verdict.when, [...at, 'when']);
    if ((verdict.places === undefined) === (verdict.branches === undefined) && verdict.name !== 'compute')
      complain(at, 'a verdict has places or branches', null);
    const whole =
      verdict.places === undefined
        ? []
        : [{ what: null, places: placesAt(verdict.places, [...at, 'places'], special) }];
    return {
      name: verdict.name,
      when,
      branches:
        verdict.branches?.map(({ what, places }, branch) => ({
          what,
          places: placesAt(places, [...at, 'branches', branch, 'places'], special),
        })) ?? whole,
      hybrid: verdict.branches !== undefined,
      points: scoreNamed(verdict.points, [...at, 'points']),
      says: verdict.says ?? null,
      about: verdict.about ?? null,
    };
  });
  const topics = common.topics.map(({ id }) => id);
  const topicAt = (topic: string, path: Path): void => {
    if (!topics.includes(topic))
      complain(path, `"${topic}" is no topic`, { word: topic, among: topics, noun: 'topics' });
  };
  const limits = rules.flatMap(({ when }) => comparisons(when));
  content.borders.forEach(({ topic, input, at }, index) => {
    topicAt(topic, ['borders', index, 'topic']);
    for (const figure of [at].flat())
      if (!limits.some(({ name, number }) => name === input && number === figure))
        complain(['borders', index, 'at'], `no rule compares ${input} with ${figure}`, null);
  });
  content.stances.forEach(({ topic, given }, index) => {
    topicAt(topic, ['stances', index, 'topic']);
    for (const [name, value] of Object.entries(given)) {
      const input = inputs.find((each) => each.name === name);
      const path: Path = ['stances', index, 'given', name];
      if (input === undefined)
        complain(path, `"${name}" is no input`, { word: name, among: inputs.map((each) => each.name), noun: 'inputs' });
      else if (!isValueOf(input, value)) complain(path, `is no value of ${name}`, null);
    }
  });
  const ratings = content.ratings.map(({ place, burden, lock_in }, index) => {
    if (!isKind(place))
      complain(['ratings', index, 'place'], `"${place}" is no place`, { word: place, among: kinds, noun: 'places' });
    return { kind: place as Kind, burden, lockIn: lock_in ?? null };
  });
  return {
    id: content.id,
    file: file.file,
    sourceFile: content.source_file,
    title: content.title,
    perTask: content.per_task,
    inputs,
    scores,
    rules,
    verdicts,
    default: kindsAt(content.default, ['default']) ?? [],
    notes: content.notes.map(({ id, when, says }, index) => ({
      id,
      when: whenAt(when, ['notes', index, 'when']),
      says,
    })),
    stages: content.stages.map(({ from_month, to_month, when, says }, index) => ({
      fromMonth: from_month,
      toMonth: to_month ?? null,
      when: whenAt(when, ['stages', index, 'when']),
      says,
    })),
    ratings,
    borders: content.borders.map(({ topic, input, at }) => {
      const [from, to] = typeof at === 'number' ? [at, at] : at;
      return { topic, input, from, to };
    }),
    stances: content.stances.map(({ topic, given, says }) => ({ topic, given, says: says ?? null })),
    checks: content.checks.map(({ tolerance_pct, ...check }) => ({ ...check, tolerancePct: tolerance_pct })),
  };
}

const special = ['voted', 'candidates'] as const;
/** Stands in where a condition could not be read, so that more of the file is looked at. */
const never: Expression = { is: 'or', of: [] };

const isKind = (word: string): word is Kind => (kinds as readonly string[]).includes(word);
const inOrder = (places: readonly Kind[]): Kind[] => kinds.filter((kind) => places.includes(kind));

const kindOfInput = ({ is, values }: GuideInput): NameKind => (is === 'word' ? { is, values } : { is });

function inputOf(name: string, input: GuideText['inputs'][string], common: Common, open: Open): GuideInput {
  const path: Path = ['inputs', name];
  const values = typeof input.is === 'string' ? [] : input.is;
  const made: GuideInput = {
    name,
    is: typeof input.is === 'string' ? input.is : 'word',
    values,
    unit: input.unit ?? null,
    default: input.default ?? null,
    from: null,
  };
  const complain = (at: Path, message: string) => open.problems.push(open.yaml.problem(at, 'bad-guide', message));
  if (made.default !== null && !isValueOf(made, made.default)) complain([...path, 'default'], `is no value of ${name}`);
  return { ...made, from: feedOf(made, input.from, [...path, 'from'], common, open) };
}

function feedOf(
  input: GuideInput,
  from: GuideText['inputs'][string]['from'],
  path: Path,
  common: Common,
  open: Open,
): Feed | null {
  if (from === undefined) return null;
  const facts = new Map<string, NameKind>([
    ...scopeOf(scenarioFacts),
    ...common.derived.map(({ name }): [string, NameKind] => [name, { is: 'flag' }]),
  ]);
  const complain = (at: Path, message: string, near: string | null = null) => {
    open.problems.push(open.yaml.problem(at, 'bad-guide', message, { suggestion: near }));
    return null;
  };
  if (typeof from !== 'string') {
    if (input.is !== 'word') return complain(path, `only one of several words has cases`);
    from.forEach(({ value }, index) => {
      if (!isValueOf(input, value))
        complain(
          [...path, index, 'value'],
          `"${value}" is no value of ${input.name}`,
          suggestion(value, input.values, 'values'),
        );
    });
    return { is: 'cases', of: casesOf(from, path, facts, open) };
  }
  if (input.is === 'flag') {
    const when = condition(from, path, facts, open);
    return when && { is: 'condition', when };
  }
  const kind = facts.get(from);
  if (kind?.is !== input.is)
    return complain(path, `"${from}" is no fact that is a ${input.is}`, suggestion(from, [...facts.keys()], 'facts'));
  return { is: 'fact', name: from };
}

/** Numbers that names are compared with. */
function comparisons(expression: Expression): { name: string; number: number }[] {
  if (expression.is === 'name') return [];
  if (expression.is === 'not') return comparisons(expression.of);
  if (expression.is !== 'compare') return expression.of.flatMap(comparisons);
  const sides: [Operand, Operand][] = [
    [expression.left, expression.right],
    [expression.right, expression.left],
  ];
  return sides.flatMap(([one, other]) =>
    'name' in one && 'number' in other ? [{ name: one.name, number: other.number }] : [],
  );
}
