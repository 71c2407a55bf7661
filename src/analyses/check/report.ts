import * as z from 'zod';
import type { Decision } from '../../decide/decision.js';
import {
  documentHead,
  flag,
  type Infer,
  list,
  literal,
  object,
  oneOf,
  orNull,
  Schema,
  text,
  textOrNull,
  texts,
} from '../../decide/json-schema.js';
import type { Problem } from '../../units/problem.js';
import { checkSchemaVersion } from '../../units/schema.js';
import type { ReadScenario } from '../../workload/read.js';
import type { Place } from '../../workload/source.js';
import type { Compared, Unread } from '../compare/compare.js';
import { type Comparison, type Step, step } from '../compare/comparison.js';
import type { Decided } from '../compare/read-result.js';
import { needsBaseline, type Rule } from './rules.js';
import {
  approves,
  expectsNothing,
  expectVerdicts,
  isFailed,
  placedVerdict,
  ruleVerdict,
  unanswered,
  type Verdict,
} from './verdicts.js';

export const exitCode = literal([0, 1, 2, 3]);
export const failOn = texts('The rules asked for, as written.');

/** A stored decision may have an earlier version of `schema/result.json`. */
const decision = new Schema<Decided>(() =>
  z.looseObject({ schemaVersion: z.string().describe('Semantic version of the shape of results.') }),
);

/** Keys of a checked scenario in a report, but for its problems. */
export const checkedKeys = {
  file: text('File of the scenario.'),
  scenario: textOrNull('Its name; null: it cannot be read.'),
  status: oneOf('`error`: the scenario cannot be read. `infeasible`: nothing fits, and that was not expected.', [
    'passed',
    'failed',
    'infeasible',
    'error',
  ]),
  exitCode: exitCode.describe('What it alone would end with.'),
  verdicts: list('What came of expectations and rules.', placedVerdict),
  baseline: textOrNull('What it was compared with; null: nothing.'),
  change: orNull('From the baseline to now; null where there is none.', step),
  approved: flag('The advice changed, and `expect` says so.'),
  decision: orNull('The decision, as `schema/result.json` has it; null: the scenario cannot be read.', decision),
};
const checked = object(null, checkedKeys);

export type CheckedScenario = Infer<typeof checked> & {
  /** Its name among the others: its file, or the two sides of a comparison. */
  title: string;
  /** Where the file begins to say something; null: it is no file, or cannot be read. */
  head: Place | null;
  /** Mistakes in what was read, and what deserves a second look. */
  problems: Problem[];
};

export const reportKeys = {
  ...documentHead('What made the check.', checkSchemaVersion),
  failOn,
  baseline: textOrNull('File or git reference that was compared with.'),
};
const reportHead = object(null, reportKeys);

export type CheckReport = Infer<typeof reportHead> & {
  results: CheckedScenario[];
  /** The worst of the results. */
  exitCode: CheckedScenario['exitCode'];
  /** An error in what scenarios share: the only result, without any scenario. */
  refused: boolean;
};

/** Something that was decided, and what it is compared with. */
export type ToJudge = {
  read: ReadScenario;
  decision: Decision;
  before: Decided | null;
  baseline: string | null;
  change: Step | null;
  /** Why its earlier state is unknown. */
  untold?: string | null;
  problems: readonly Problem[];
  /** Problems of reading its baseline, to which no rules apply. */
  ofBaseline?: readonly Problem[];
};

/** Checks one scenario against its expectations and the requested rules. Pure. */
export function judged(asked: ToJudge, rules: readonly Rule[]): CheckedScenario {
  const { read, decision, before, baseline, change, untold = null, problems, ofBaseline = [] } = asked;
  const { expect: expected } = read.scenario;
  const approved = change?.advice.change === 'flip' && before !== null && approves(expected, before, decision);
  const nothingExpected = expectsNothing(expected);
  const subject = { now: decision, before, step: change, approved, nothingExpected, untold, problems };
  const verdicts = [...expectVerdicts(expected, decision), ...rules.map((rule) => ruleVerdict(rule, subject))];
  const result = { ...unreadable(read.file, [...problems, ...ofBaseline]), baseline, change, approved, decision };
  const isInfeasible = decision.recommendation.status === 'infeasible' && !nothingExpected;
  return concluded(result, verdicts, read, isInfeasible);
}

const exitCodes = { passed: 0, failed: 1, error: 2, infeasible: 3 } as const;

/** A scenario that cannot be read. */
export const unreadable = (file: string, problems: readonly Problem[]): CheckedScenario => ({
  title: file,
  file,
  head: null,
  scenario: null,
  status: 'error',
  exitCode: exitCodes.error,
  verdicts: [],
  baseline: null,
  change: null,
  approved: false,
  decision: null,
  problems: [...problems],
});

/** A result with what came of its verdicts. */
function concluded(
  result: CheckedScenario,
  verdicts: readonly Verdict[],
  read: ReadScenario | null,
  isInfeasible = false,
): CheckedScenario {
  const judgedStatus = verdicts.some(isFailed) ? 'failed' : 'passed';
  const status = isInfeasible ? 'infeasible' : judgedStatus;
  return {
    ...result,
    head: headOf(read),
    scenario: result.decision?.scenario.name ?? null,
    status,
    exitCode: exitCodes[status],
    verdicts: verdicts.map((one) => placed(one, read, result)),
  };
}

export function checkReport(
  results: readonly CheckedScenario[],
  asked: { tool: CheckReport['tool']; rules: readonly Rule[]; baseline: string | null; refused?: true },
): CheckReport {
  const { tool, rules, baseline, refused = false } = asked;
  const worst = ([2, 3, 1, 0] as const).find((code) => results.some(({ exitCode }) => exitCode === code)) ?? 0;
  return {
    schemaVersion: checkSchemaVersion,
    tool,
    failOn: rules.map(({ text }) => text),
    baseline,
    results: [...results],
    exitCode: worst,
    refused,
  };
}

/** What every scenario has: where nothing else is to blame, these are pointed at. */
const heads = [['name'], ['workload']];

/** The same in its own file, whatever the command line sets. */
function headOf(read: ReadScenario | null): Place | null {
  const places = heads.map((path) => read?.at(path) ?? null);
  return places.find((place) => place !== null && place.file === read?.file) ?? null;
}

/** The position of a verdict: its own, else the input that explains the change, else the head of the scenario. */
function placed(
  { path, ...verdict }: Verdict,
  read: ReadScenario | null,
  { change, file }: CheckedScenario,
): CheckedScenario['verdicts'][number] {
  const isOfCost = verdict.code === 'fail-on.cost';
  const isOfChange = isOfCost || verdict.code === 'fail-on.flip';
  const inputs = [
    ...((isOfChange && change?.advice.explainedBy) || []).flatMap(({ what, name }) => (what === 'input' ? [name] : [])),
    // Those that moved as the user wrote them.
    ...((isOfCost && change?.inputs) || []).flatMap((one) => (one.originAfter === 'user' ? [one.path] : [])),
  ];
  const steps = [path, ...inputs.map((name) => name.split('.')), ...heads].filter(({ length }) => length > 0);
  const found = steps.find((step) => read?.at(step)) ?? steps.at(-1) ?? [];
  const place = read?.at(found) ?? null;
  return {
    ...verdict,
    path: (path.length > 0 ? path : found).join('.'),
    file: place?.file ?? file,
    line: place?.line ?? null,
    column: place?.column ?? null,
  };
}

/**
 * The steps of a comparison by rules, each as a scenario compared with the side before it. A rule on the last side
 * alone applies to that one only. An unreadable side is reported with the step over it; the last one by itself, without
 * rules.
 */
export function comparedReport(
  { steps }: Comparison,
  sides: readonly (Compared | Unread)[],
  rules: readonly Rule[],
): CheckedScenario[] {
  const read = sides.filter((side) => 'decision' in side);
  // A side on which nothing fits is reported; without another one the comparison fails.
  const nothingFits = read.every(({ decision }) => decision.recommendation.status === 'infeasible');
  const judgedSteps = steps.map((change, index): CheckedScenario => {
    const [before, after] = [read[index] as Compared, read[index + 1] as Compared];
    const isLast = after === sides.at(-1);
    const over = sides.slice(index === 0 ? 0 : sides.indexOf(before), sides.indexOf(after)).filter(isUnread);
    const { decision, judged: own, problems = [] } = after;
    const subject = { now: decision, before: before.decision, step: change, approved: false, problems };
    const asked = rules.filter((rule) => isLast || needsBaseline(rule));
    const verdicts = asked.map((rule) => ruleVerdict(rule, subject));
    const result = { ...stepBetween(before, after.name, decision.scenario.file, over), change, decision };
    const isInfeasible = isLast && nothingFits && !expectsNothing(own?.read.scenario.expect);
    return concluded(result, verdicts, own?.read ?? null, isInfeasible);
  });
  const known = read.at(-1);
  if (known === undefined) return [];
  // Unreadable sides at the end, against the last readable one; rules apply to the last of them.
  const ends = sides.slice(sides.indexOf(known) + 1).filter(isUnread);
  const unreadEnds = ends.map((end, index) => {
    const asked = index === ends.length - 1 ? rules : [];
    const verdicts = asked.map((rule) => unanswered(rule, `${end.name} cannot be read`));
    return concluded(stepBetween(known, end.name, end.file, [end]), verdicts, null);
  });
  return [...judgedSteps, ...unreadEnds];
}

const isUnread = (side: Compared | Unread): side is Unread => !('decision' in side);

const stepBetween = ({ name: from }: Compared, to: string, file: string, unread: readonly Unread[]) => ({
  ...unreadable(file, unread.map(unreadWarning)),
  title: [...(to === file ? [] : [`${file}:`]), from, '->', to].join(' '),
  baseline: from,
});

const unreadWarning = ({ name, file, why }: Unread): Problem => ({
  severity: 'warning',
  code: 'side-unread',
  file,
  line: null,
  column: null,
  path: '',
  message: `cannot be read with ${name}: ${why.join('; ')}`,
  suggestion: null,
  excerpt: null,
});

/** Every verdict with the side it is on; where there is no step to it, the last one, which cannot be read. */
export const verdictsOf = ({ results }: CheckReport, { sides }: Comparison) =>
  results.flatMap(({ verdicts, change }) =>
    verdicts.map((verdict) => ({ to: change?.to ?? sides.at(-1)?.name ?? '', ...verdict })),
  );
