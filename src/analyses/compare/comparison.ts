import {
  documentHead,
  flag,
  type Infer,
  kind,
  list,
  number,
  numberOrNull,
  object,
  objectOrNull,
  oneOf,
  oneOfOrNull,
  text,
  textOrNull,
  texts,
  usd,
  usdOrNull,
  wordOrNumberOrNull,
} from '../../decide/json-schema.js';
import type { Tables } from '../../tables/tables.js';
import { isMap, joined } from '../../units/amount.js';
import { comparisonSchemaVersion } from '../../units/schema.js';
import { type ReadScenario, readScenario } from '../../workload/read.js';
import { isSameValue, leavesIn, resolvePath, stepsText } from '../../workload/set.js';
import { copyTree, getIn, type Path, setIn, unsetIn } from '../../workload/source.js';

/** Types and published shape of `compare --format json` and of changes in `check --format json`. */

const percent = (what: string) => numberOrNull(`${what} Percent; null where a side has no cost.`);
const origin = (what: string) => oneOfOrNull(what, ['user', 'assumed']);

const side = object('One of the decisions.', {
  name: text('What tells it from the others: the date of its prices, or its file.'),
  file: text('File of the scenario or result.'),
  scenario: text('Name of the scenario.'),
  snapshot: text('Date of the prices.'),
  asOf: text('Day the answer is for.'),
  status: oneOf('What came of it; `unread`: the scenario cannot be read with these tables.', [
    'recommended',
    'infeasible',
    'unread',
  ]),
  unread: texts('Why it cannot be read.'),
  plan: textOrNull('Id of the plan advised.'),
  label: textOrNull('That plan in words.'),
  kinds: list('Its placement kinds.', kind),
  monthlyCost: usdOrNull('What it costs a month.'),
  costChange: percent('How far that moved from the side before.'),
  cheapest: objectOrNull('The cheapest plan; null where nothing fits.', {
    plan: text('Plan id.'),
    monthlyCost: usd('What it costs a month.'),
  }),
  cheapestChange: percent('How far the cost of the cheapest plan moved from the side before.'),
});

const movedInput = object('An input that the sides do not say alike.', {
  path: text('Path in the scenario, tasks by name.'),
  before: textOrNull('What was written or taken; null: nothing.'),
  after: textOrNull('What is.'),
  originBefore: origin('Whether the user wrote it, or it was assumed.'),
  originAfter: origin('The same of the later side.'),
});

const movedPrice = object('A figure of the tables that moved, of a row that bills of either side are made of.', {
  table: text('Table of the row.'),
  row: text('The row, by what tells it from others.'),
  formerRow: textOrNull(
    'The row that the same plan is billed by before, where that is another one; `before` is of that one.',
  ),
  figure: text('Header of its column.'),
  change: oneOfOrNull(
    'What became of the row; null where kept results are compared and a side has no bill that it is in.',
    ['added', 'removed', 'changed'],
  ),
  before: wordOrNumberOrNull('What it was; null: not on sale, or not known.'),
  after: wordOrNumberOrNull('What it is.'),
  percent: percent('By how much it moved.'),
  source: text('Where it was published.'),
  date: text('When.'),
  billedBefore: flag('The plan advised before is billed by the row.'),
  billedAfter: flag('The plan advised after is.'),
});

const costOnSide = (what: string) =>
  object(what, {
    monthlyCost: usdOrNull('Cost a month; null: not on sale, or it cannot run.'),
    feasible: flag('No rule excludes it.'),
    as: textOrNull(
      '`advised`, or the placement kind whose best it is; null: it was only asked for by id, or is nothing here.',
    ),
  });

const planCost = object('What a plan costs on both sides.', {
  plan: text('Plan id.'),
  label: text('The plan in words.'),
  before: costOnSide('On the earlier side.'),
  after: costOnSide('On the later side.'),
  change: usdOrNull('Difference a month.'),
  percent: percent('The difference.'),
});

const cause = object('What the advice changes with.', {
  what: oneOf('What changed.', ['input', 'price', 'catalog', 'day']),
  table: textOrNull('Table of the row.'),
  name: text('Path of the input, or what tells the row from others.'),
  change: oneOf('How.', ['added', 'removed', 'changed']),
  figures: list(
    'What of it.',
    object(null, {
      figure: text('Header of the column, or what the figure is called.'),
      before: wordOrNumberOrNull('What it was.'),
      after: wordOrNumberOrNull('What it is.'),
    }),
  ),
  source: textOrNull('Where it was published.'),
  date: textOrNull('When.'),
});

const advice = object('Whether the advice changed.', {
  change: oneOf('`flip`: some task goes to another deployment type. `switch`: another plan on the same kinds.', [
    'same',
    'switch',
    'flip',
  ]),
  tasks: list(
    'Tasks whose deployment type changed.',
    object(null, {
      task: text('Name of the task.'),
      before: list('Kinds of place before.', kind),
      after: list('Kinds of place after.', kind),
    }),
  ),
  planBefore: textOrNull('Id of the plan advised before.'),
  planAfter: textOrNull('Id of the plan advised after.'),
  explainedBy: list('What explains a flip.', cause),
  proof: oneOfOrNull(
    '`decided`: the earlier side with these changes alone, on the catalog and the day of the later one, gives the later advice. `listed`: they moved, and the plans are made of them.',
    ['decided', 'listed'],
  ),
});

export const step = object('From one decision to the next.', {
  from: text('Name of the earlier side.'),
  to: text('Name of the later side.'),
  inputs: list('Inputs that moved.', movedInput),
  inputsKnown: flag('False: a side is a result kept without what was given; only inputs that both name are compared.'),
  prices: list('Prices that moved.', movedPrice),
  pricesKnown: flag('False: a side is a result kept without its `basis`, so that prices cannot be compared.'),
  plans: list('What that did to the cost of plans.', planCost),
  advice,
});

/** A comparison before its rules. */
export const comparisonKeys = {
  ...documentHead('What made the comparison.', comparisonSchemaVersion),
  sides: list('In the order asked for, or by the dates of their prices.', side),
  steps: list('One between every two sides next to each other that can be read.', step),
  flips: number('Steps in which the advice flips.'),
};
const comparison = object(null, comparisonKeys);

export type Comparison = Infer<typeof comparison>;
export type Side = Infer<typeof side>;
export type Step = Infer<typeof step>;
export type MovedInput = Infer<typeof movedInput>;
export type MovedPrice = Infer<typeof movedPrice>;
export type PlanCost = Infer<typeof planCost>;
export type Cause = Infer<typeof cause>;
type AdviceChange = Infer<typeof advice>;
export type TaskMove = AdviceChange['tasks'][number];

/** A value that differs between two scenarios; null: missing in one. */
export type InputChange = {
  steps: readonly string[];
  before: string | null;
  after: string | null;
  /** The path, or the mix of tasks, that must change as a whole for a scenario to stay valid. */
  group: string;
};

/** The tasks and their shares, which only make sense together. */
const mixOfTasks = 'tasks';

/** Every value that differs. One value on one side for several (a range) on the other is one change. */
export function inputChanges(before: unknown, after: unknown): InputChange[] {
  const valuesIn = (tree: unknown, other: unknown) => leavesIn(tree, new Set(leavesIn(other).map(stepsText)));
  const isInBoth = (task: string): boolean =>
    [before, after].every((tree) => 'path' in resolvePath(tree, ['tasks', task]));
  return changedValues(valuesIn(before, after), valuesIn(after, before), stepsText).map(
    ({ key, before: old, after: now }) => {
      const steps = (now ?? old)?.steps ?? [];
      const [first, task = '', field] = steps;
      const isAlone = first !== 'tasks' || (field !== 'share' && isInBoth(task));
      return { steps, before: old?.value ?? null, after: now?.value ?? null, group: isAlone ? key : mixOfTasks };
    },
  );
}

/** Values by their paths that are not the same in any notation. */
export const changedValues = <Item extends { value: string }>(
  before: readonly Item[],
  after: readonly Item[],
  pathOf: (item: Item) => string,
) =>
  joined(before, after, pathOf).filter(
    ({ key, before: old, after: now }) => old === null || now === null || !isSameValue(key, old.value, now.value),
  );

/** The earlier scenario with some changes of the later one; null where that is none. */
export function scenarioWith(
  before: ReadScenario,
  after: ReadScenario,
  changes: readonly InputChange[],
  tables: Tables,
  asOf: string,
): ReadScenario | null {
  const tree = copyTree(before.tree);
  const isOfMix = ({ group }: InputChange): boolean => group === mixOfTasks;
  if (changes.some(isOfMix)) takeTasks(tree, before.tree, after.tree);
  for (const change of changes) {
    if (isOfMix(change)) continue;
    const [here, there] = [resolvePath(tree, change.steps), resolvePath(after.tree, change.steps)];
    if (!('path' in here)) return null;
    if (change.after === null) takeOut(tree, change.steps, after.tree);
    else if (!('path' in there) || !setIn(tree, here.path, copyTree(getIn(after.tree, there.path)))) return null;
  }
  return readScenario(JSON.stringify(tree), { file: after.file, tables, asOf }).scenario;
}

/** Removes a value, and emptied maps around it that the later scenario lacks. Changes `tree`. */
function takeOut(tree: unknown, steps: readonly string[], later: unknown): void {
  const pathOf = (root: unknown, to: readonly string[]): Path | null => {
    const found = resolvePath(root, to);
    return 'path' in found ? found.path : null;
  };
  for (let depth = steps.length; depth > 0; depth--) {
    const head = steps.slice(0, depth);
    const [path, there] = [pathOf(tree, head), pathOf(later, head)];
    if (path === null) return;
    const value = getIn(tree, path);
    const isEmpty = isMap(value) && Object.keys(value).length === 0;
    const isGone = there === null || getIn(later, there) === undefined;
    if (depth < steps.length && !(isEmpty && isGone)) return;
    unsetIn(tree, path);
  }
}

/** Changes below one map, the most first: one alone may leave no scenario, as for a need in another form. */
export function changesBelow(changes: readonly InputChange[]): InputChange[][] {
  const below = new Map<string, InputChange[]>();
  for (const change of changes)
    for (let depth = change.steps.length - 1; depth > 0; depth--) {
      const head = stepsText({ steps: change.steps.slice(0, depth) });
      below.set(head, [...(below.get(head) ?? []), change]);
    }
  return [...below.values()].filter(({ length }) => length > 1).sort((a, b) => b.length - a.length);
}

/** Tasks of the later scenario, without those of the earlier one alone, and the later shares. Changes `tree`. */
function takeTasks(tree: unknown, before: unknown, after: unknown): void {
  const later = getIn(after, ['tasks']);
  if (!isMap(tree) || !Array.isArray(later)) return;
  tree.tasks = later.map((task, index) => {
    const name = isMap(task) ? task.name : undefined;
    const known = resolvePath(before, ['tasks', String(name ?? index)]);
    const mine = 'path' in known ? getIn(before, known.path) : undefined;
    if (!isMap(mine) || !isMap(task)) return copyTree(task);
    const { share: _, ...rest } = mine;
    return copyTree('share' in task ? { ...rest, share: task.share } : rest);
  });
}
