import type { Decision, GuideReport } from '../../decide/decision.js';
import { rounded } from '../../decide/round.js';
import { type Guide, type GuideBook, type GuideInput, type GuideRating, isValueOf } from '../../tables/guides/guide.js';
import type { Kind } from '../../tables/rows.js';
import type { Prose, Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import { readShare } from '../../units/readers.js';
import { suggestion } from '../../units/suggest.js';
import { numberReader } from '../../units/uncertain.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';
import { problemAt } from '../../workload/source.js';
import type { TaskPart } from '../../workload/workload.js';
import { evaluate, type Value } from './consult.js';
import { type Asked, factsOf } from './facts.js';
import { type Answers, type Asking, asking, guideReport, opinionsOn } from './opinions.js';
import { conflictsAmong, type GuideConflict, type Settling, settledBy } from './settled.js';

const schemaVersion = '1.0.0';

/** What a guide says of one task alone. */
export type TaskOpinion = {
  task: string;
  requestsPerMonth: number;
  name: string;
  verdict: Kind[];
  points: number;
  unknown: string[];
  /** The one to start with: most points, then most requests. */
  pilot: boolean;
};

export type GuideDetail = GuideReport & {
  title: string;
  sourceFile: string;
  /** The verdict as the guide calls it. */
  name: string;
  branches: { what: string | null; kinds: Kind[] }[];
  scores: { name: string; value: number }[];
  notes: { id: string; says: string }[];
  /** How it rates the kinds of its verdict. */
  ratings: GuideRating[];
  /** What it says of the months of a project; `applies`: null where that is not known. */
  stages: { fromMonth: number; toMonth: number | null; says: string; applies: boolean | null }[];
  inputs: {
    name: string;
    value: Value | null;
    unit: string | null;
    from: 'scenario' | 'answer' | 'default' | 'unknown';
  }[];
  /** Empty where it agrees. */
  settledBy: Settling[];
  /** Empty for a guide that is asked about the whole only. */
  tasks: TaskOpinion[];
};

/** The guides beside the decision. */
export type GuidesAnswer = {
  schemaVersion: string;
  tool: { name: string; version: string };
  scenario: { name: string; file: string; requestsPerDay: number; tokensPerRequest: number | null };
  tables: { snapshot: string; asOf: string; ageDays: number };
  engine: Pick<Decision['recommendation'], 'status' | 'plan' | 'shape' | 'kinds' | 'label' | 'monthlyCost'>;
  agreeing: number;
  guides: GuideDetail[];
  conflicts: GuideConflict[];
};

export type GuidesOptions = { prose: Prose; answers: Answers };

/** Asks every guide about a scenario, and holds what they say against its decision and against each other. */
export function guidesAnswer(
  read: ReadScenario,
  list: Tables,
  decision: Decision,
  { prose, answers }: GuidesOptions,
): GuidesAnswer {
  const { tables } = withScenarioPrices(read, list, prose);
  const { asOf } = decision.tables;
  const workload = resolve(read, tables, asOf);
  const asked: Asked = { scenario: read.scenario, workload, tables };
  const opinions = opinionsOn(asked, answers);
  const facts = factsOf(asked, workload.taskParts, tables.guides);
  const requestsPerDay = sum(workload.taskParts, (taskPart) => taskPart.requestsPerDay);
  const tokens = sum(
    workload.taskParts,
    (taskPart) => taskPart.requestsPerDay * (taskPart.tokens.input + taskPart.tokens.output),
  );
  const { status, plan, shape, kinds, label, monthlyCost } = decision.recommendation;
  const guides = opinions.map((one): GuideDetail => {
    const report = guideReport(one, kinds);
    return {
      ...report,
      ...detailOf(one, answers),
      settledBy: report.agrees ? [] : settledBy(one, decision, rounded(workload.requestsPerDay)),
      tasks: one.guide.perTask ? tasksOn(one.guide, asked, answers) : [],
    };
  });
  return {
    schemaVersion,
    tool: decision.tool,
    scenario: {
      name: workload.name,
      file: read.file,
      requestsPerDay: rounded(requestsPerDay),
      tokensPerRequest: requestsPerDay === 0 ? null : rounded(tokens / requestsPerDay),
    },
    tables: { snapshot: decision.tables.snapshot, asOf, ageDays: decision.tables.ageDays },
    engine: { status, plan, shape, kinds, label, monthlyCost },
    agreeing: guides.filter(({ agrees }) => agrees).length,
    guides,
    conflicts: conflictsAmong(opinions, facts, tables.guides),
  };
}

function detailOf(
  { guide, fed, given, opinion }: Asking,
  answers: Answers,
): Omit<GuideDetail, keyof GuideReport | 'settledBy' | 'tasks'> {
  const own = answers.get(guide.id);
  return {
    title: guide.title,
    sourceFile: guide.sourceFile,
    name: opinion.name,
    branches: opinion.branches,
    scores: opinion.scores.map(({ name, value }) => ({ name, value: rounded(value) })),
    notes: opinion.notes.map(({ id, says }) => ({ id, says })),
    ratings: guide.ratings.filter(({ kind }) => opinion.verdict.includes(kind)),
    stages: guide.stages.map(({ fromMonth, toMonth, when, says }) => ({
      fromMonth,
      toMonth,
      says,
      applies: when === null ? true : evaluate(when, given),
    })),
    inputs: guide.inputs.map(({ name, unit, default: usual }) => ({
      name,
      value: shown(given.get(name) ?? usual),
      unit,
      from: own?.has(name) ? 'answer' : fed.has(name) ? 'scenario' : usual === null ? 'unknown' : 'default',
    })),
  };
}

const shown = (value: Value | null): Value | null => (typeof value === 'number' ? rounded(value) : value);

/** A guide's opinion of every task alone, and which of them is its pilot: none where none has a point. */
function tasksOn(guide: Guide, asked: Asked, answers: Answers): TaskOpinion[] {
  const { tables, workload } = asked;
  const names = [...new Set(workload.taskParts.map(({ task }) => task))];
  const rows = names.map((task): Omit<TaskOpinion, 'pilot'> => {
    const taskParts: TaskPart[] = workload.taskParts.filter((taskPart) => taskPart.task === task);
    const { opinion } = asking(guide, factsOf(asked, taskParts, tables.guides), answers);
    return {
      task,
      requestsPerMonth: rounded(sum(taskParts, (taskPart) => taskPart.requestsPerDay) * tables.guides.daysPerMonth),
      name: opinion.name,
      verdict: opinion.verdict,
      points: rounded(opinion.points),
      unknown: opinion.unknown,
    };
  });
  const [first] = rows
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || b.requestsPerMonth - a.requestsPerMonth);
  return rows.map((row) => ({ ...row, pilot: row === first }));
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** The name under which `--answer` values are reported. */
const answerFile = '--answer';

/** Reads `GUIDE.input=value` texts; the last one for an input wins. All that is wrong is told at its place in the text. */
export function readAnswers(
  texts: readonly string[],
  { guides }: GuideBook,
): { answers: Answers; problems: Problem[] } {
  const answers = new Map<string, Map<string, Value>>();
  const problems: Problem[] = [];
  for (const text of texts) {
    const complain = (column: number, message: string, near: string | null): void => {
      const place = { file: answerFile, line: 1, column: column + 1, excerpt: text };
      problems.push(problemAt(answerFile, place, { code: 'bad-answer', message, suggestion: near }));
    };
    const [, id = '', name = '', written = ''] = /^\s*([^.=]*)\.?([^=]*)=(.*)$/s.exec(text) ?? [];
    const guide = guides.find((one) => one.id === id);
    if (guide === undefined) {
      complain(0, `there is no guide "${id}"`, suggestion(id, idsOf(guides), 'guides'));
      continue;
    }
    const input = guide.inputs.find((one) => one.name === name);
    if (input === undefined) {
      const names = guide.inputs.map((one) => one.name);
      complain(id.length + 1, `${id} has no input "${name}"`, suggestion(name, names, 'inputs'));
      continue;
    }
    const value = readValue(input, written.trim());
    if (value === null)
      complain(text.indexOf('=') + 1, `"${written}" is no value of ${id}.${name}`, formOf(input, written));
    else answers.set(id, (answers.get(id) ?? new Map<string, Value>()).set(name, value));
  }
  return { answers, problems };
}

const idsOf = (guides: readonly Guide[]): string[] => guides.map(({ id }) => id);

const flags: Record<string, boolean> = { true: true, yes: true, false: false, no: false };

function readValue(input: GuideInput, written: string): Value | null {
  if (input.is === 'flag') return flags[written.toLowerCase()] ?? null;
  if (input.is === 'word') return isValueOf(input, written) ? written : null;
  const read = written.endsWith('%') ? readShare(written) : numberReader(null, { least: 0 })(written);
  return read.ok && read.value.range === null ? read.value.likely : null;
}

function formOf({ is, values, unit }: GuideInput, written: string): string | null {
  if (is === 'flag') return 'write true or false';
  if (is === 'word') return suggestion(written.trim(), values, 'values');
  return `write a number${unit === null ? '' : ` of ${unit}`}`;
}
