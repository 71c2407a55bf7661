import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { intro, multiselect, select, text } from '@clack/prompts';
import { parse } from 'yaml';
import type { Tables } from '../../tables/tables.js';
import { isMap } from '../../units/amount.js';
import { type Problem, suggestion } from '../../units/problem.js';
import { readDocument } from '../../workload/document.js';
import { commentedScenario, fieldsOf } from '../../workload/fields.js';
import { fixScenario } from '../../workload/fix.js';
import { readScenario } from '../../workload/read.js';
import { type Place, placesIn, problemAt } from '../../workload/source.js';
import { type Given, haveErrors, report, write } from '../command-entry.js';
import { fileProblem, type Io, packagePath, shownName, usageProblem } from '../io.js';
import { type Preset, presets } from '../names.js';
import type { initCommand } from '../own-commands.js';
import { tool } from '../problems.js';
import { type Answer, type Answers, askedWith, type Question, questions, scenarioOf, writtenBy } from '../questions.js';
import { readTables } from '../read-tables.js';
import { fileThere } from '../write-files.js';
import { fieldExamples } from './schema.js';

/** Where the questions are shown and answered. */
export type Terminal = { input: Readable; output: Writable };

/** Asks the questions in turn; `esc` goes back. Null: stopped with Ctrl-C, or `esc` at the first. */
export async function ask(tables: Tables, terminal: Terminal): Promise<Answers | null> {
  let lastKey: string | undefined;
  const note = (_: unknown, key?: { name?: string }) => {
    lastKey = key?.name;
  };
  terminal.input.on('keypress', note);
  try {
    intro('A first scenario. enter takes what is shown, esc goes back, ctrl-c stops', terminal);
    const answers: Answers = {};
    const asked: Question[] = [];
    for (;;) {
      const [next] = askedWith(answers).filter((question) => !asked.includes(question));
      if (next === undefined) return answers;
      const given = await one(next, answers, tables, terminal);
      if (typeof given !== 'symbol') {
        answers[next.key] = given;
        asked.push(next);
        continue;
      }
      const before = lastKey === 'escape' ? asked.pop() : undefined;
      if (before === undefined) return null;
      delete answers[before.key];
    }
  } finally {
    terminal.input.off('keypress', note);
  }
}

function one(question: Question, answers: Answers, tables: Tables, terminal: Terminal): Promise<Answer | symbol> {
  const { asks, choices, several, optional, initial, placeholder } = question;
  const shared = { message: asks, ...terminal };
  if (choices) {
    const options = choices(tables);
    const list = { ...shared, options, maxItems: 12 };
    return several
      ? multiselect({
          ...list,
          required: !optional,
          initialValues: initial === '' ? [] : initial.split(', '),
        })
      : select({ ...list, ...(initial !== '' && { initialValue: initial }) });
  }
  return text({
    ...shared,
    ...(placeholder !== '' && { placeholder }),
    ...(initial !== '' && { initialValue: initial }),
    validate: (written = '') => {
      if (written.trim() === '') return optional ? undefined : 'write an answer';
      return wrongIn(question, written, answers, tables) ?? undefined;
    },
  });
}

/** The error of an answer alone, not of earlier ones; null: none. */
function wrongIn(question: Question, written: Answer, answers: Answers, tables: Tables): string | null {
  const paths = Object.keys(writtenBy(question, { ...answers, [question.key]: written }));
  const tree = scenarioOf({ volume: '1 requests/day', ...answers, [question.key]: written });
  const { problems } = readScenario(JSON.stringify(tree), { file: 'scenario.yaml', tables });
  const own = problems.find(
    ({ severity, path }) =>
      severity === 'error' &&
      paths.some((each) => path.split('.').at(-1) === each.split('.').at(-1) || path.startsWith(each)),
  );
  return own === undefined ? null : [own.message, own.suggestion].filter((part) => part !== null).join(': ');
}

type Options = Given<typeof initCommand>;

/** A scenario as plain data with its origin, or why there is none; null: stopped by the user. */
type Begun = Start | { problems: Problem[]; list?: string } | null;
type Start = {
  tree: Record<string, unknown>;
  from: string;
  /** Lines about what is still to be found out. */
  lookUp?: string[];
  /** Fields that a preset says and the user has to check. */
  checks?: string[];
  /** Where the answer stands that wrote a path. */
  place?: (path: string) => Place | null;
};

/** `init`: writes a scenario from a preset, a file of answers, or the terminal. */
export async function run(io: Io, options: Options, terminal?: Terminal): Promise<void> {
  if (options.fix !== undefined) return fix(io, options, options.fix);
  const { output = 'scenario.yaml', set = [] } = options;
  const fail = (...problems: Problem[]) => report(io, options, problems);
  if (options.from !== undefined && options.answers !== undefined)
    return fail(usageProblem('--from and --answers both say what to write', 'give one of them'));
  if (isTaken(output, options)) return fail(fileThere(output));
  const { tables, problems } = await readTables(io, {});
  if (tables === null) return fail(...problems);

  const begun = await begin(io, options, tables, terminal);
  if (begun === null) return io.setExitCode(130);
  if ('problems' in begun) {
    await fail(...begun.problems);
    return begun.list === undefined ? undefined : io.err(begun.list);
  }
  const file = options.answers ?? options.from ?? 'scenario.yaml';
  const { place, checks = [], lookUp = [] } = begun;
  const title = titleOf(output);
  const tree = set.some((one) => isSetBy('workload.bursts.requests', one)) ? withoutVolume(begun.tree) : begun.tree;
  const named = title === null ? tree : { version: 1, ...tree, name: title };
  const read = readScenario(JSON.stringify(named, null, 2), { file, set, tables });
  // A file of answers has lines of its own, and a preset none that the user has seen.
  const told = read.problems.map((problem) => {
    const at = place?.(problem.path) ?? null;
    return problem.file !== file ? problem : { ...problem, line: null, column: null, excerpt: null, ...at };
  });
  if (read.scenario === null) return report(io, options, told);

  const [schema, examples] = await Promise.all(
    ['schema/scenario.json', fieldExamples].map((path) => io.readText(packagePath(path))),
  );
  const unchecked = checks.filter(
    (path) => !(path === 'name' && title !== null) && !set.some((one) => isSetBy(path, one)),
  );
  const fields = fieldsOf(JSON.parse(schema?.text ?? '{}'), examples?.text ?? '');
  const text = commentedScenario(
    read.scenario.tree as Record<string, unknown>,
    fields,
    [
      begun.from,
      ...lookUp,
      'Lines behind # are fields that are not set, with an example each: take the # away to use one.',
      'Every field: docs/scenario.md of the package, or deploy-advisor schema scenario --short.',
    ],
    unchecked,
  );
  const unwritten = write(io, text, { output });
  if (unwritten.length > 0) return fail(...unwritten);
  if (output !== '-' && options.quiet !== true) {
    if (unchecked.length > 0) io.err(`check what is the preset's own, marked in ${output}: ${unchecked.join(', ')}\n`);
    if (io.stderr.isTTY) io.err(`wrote ${output}\nnext: ${tool.name} assess ${output}\n`);
  }
  await report(io, options, told);
}

/** `init --fix`: writes a scenario as it is read, and reports changes. */
async function fix(io: Io, options: Options, file: string): Promise<void> {
  const fail = (...problems: Problem[]) => report(io, options, problems);
  const other = (['from', 'answers', 'set'] as const).find((key) => options[key] !== undefined);
  if (other !== undefined) return fail(usageProblem(`--fix and --${other} both say what to write`, 'give one of them'));
  const { output = file } = options;
  if (output !== file && isTaken(output, options)) return fail(fileThere(output));
  const [{ tables, problems }, { text, problem }] = await Promise.all([readTables(io, {}), io.readText(file)]);
  if (tables === null) return fail(...problems);
  if (text === null) return fail(problem);
  const { fixed, problems: found } = fixScenario(text, { file: shownName(file), tables, asOf: io.today() });
  if (fixed === null) return fail(...found);
  if (output === '-' || output !== file || fixed.changes.length > 0) {
    const unwritten = write(io, fixed.text, { output });
    if (unwritten.length > 0) return fail(...unwritten);
  }
  if (options.quiet !== true) {
    const lines = fixed.changes.map(({ place, message }) =>
      place === null ? message : `${place.file}:${place.line}:${place.column}  ${message}`,
    );
    io.err(`${(lines.length > 0 ? lines : [`${shownName(file)}: nothing to put right`]).join('\n')}\n`);
  }
  await report(io, options, found);
}

const isTaken = (output: string, { force }: Options): boolean => output !== '-' && force !== true && existsSync(output);

/** Paths of a preset that the user may lack: contracts, special wishes, company sizes. */
const ofSomebody =
  /^(?:name|workload\.(?:growth|horizon|sites|turns)|tasks\[\]\.(?:capability|latency|deadline|tokens|tuned|easy|sensitive)|(?:tasks\[\]\.)?data\.(?:agreements|declared|ownRegimes)|needs\.rag|development|team|today|existing|measured|devices|budget|preferences|prices|assumptions)$/;

/** The fields of a preset that match, each once. */
function checksOf(tree: unknown, at = ''): string[] {
  if (Array.isArray(tree)) return [...new Set(tree.flatMap((entry) => checksOf(entry, `${at}[]`)))];
  if (!isMap(tree)) return [];
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return ofSomebody.test(path) ? [path] : checksOf(value, path);
  });
}

/** Whether `--set` wrote a field, the whole of it or a part. */
const isSetBy = (path: string, setting: string): boolean => {
  const own = path.replace('[]', '');
  const written = (setting.split('=')[0] ?? '').replace(/^(tasks)\.[^.]+/, '$1');
  return `${written}.`.startsWith(`${own}.`) || `${own}.`.startsWith(`${written}.`);
};

/** Bursts stand in place of the volume of a preset. */
const withoutVolume = (tree: Record<string, unknown>): Record<string, unknown> => {
  const { volume: _, ...workload } = (tree.workload ?? {}) as Record<string, unknown>;
  return { ...tree, workload };
};

/** A title from a file name: `Voice` for `05-voice.yaml`; null: none. */
function titleOf(output: string): string | null {
  const base = (output.split(/[\\/]/).at(-1) ?? '').replace(/\.[^.]*$/, '');
  const words = base
    .replace(/^\d+[\s._-]*/, '')
    .replaceAll(/[\s._-]+/g, ' ')
    .trim();
  return output === '-' || words === '' || words === 'scenario' ? null : words.charAt(0).toUpperCase() + words.slice(1);
}

async function begin(io: Io, { from, answers }: Options, tables: Tables, terminal?: Terminal): Promise<Begun> {
  if (from !== undefined) return fromPreset(io, from, tables);
  if (answers !== undefined) return fromAnswers(io, answers);
  const isTerminal = terminal !== undefined || (io.stdout.isTTY && process.stdin.isTTY === true);
  if (!isTerminal) {
    const message = 'no terminal to ask at: name a preset or a file of answers';
    const hint = 'init --from <preset>, or --answers <file>';
    return { problems: [usageProblem(message, hint)], list: presetList(await presets(io)) };
  }
  const given = await ask(tables, terminal ?? { input: process.stdin, output: process.stdout });
  return given && { tree: scenarioOf(given), from: 'From answers to deploy-advisor init.' };
}

const presetList = (known: readonly Preset[]): string =>
  [
    'presets:',
    ...known.map(({ name, about }) => `  ${name.padEnd(22)}${about}`),
    '  or a task type, such as summarization (docs/scenario.md lists them)',
    '',
  ].join('\n');

/** A shipped scenario without its tests, or the least one of a task type. */
async function fromPreset(io: Io, name: string, { taskOf }: Tables): Promise<Begun> {
  const known = await presets(io);
  const preset = known.find((each) => each.name === name);
  if (preset === undefined) {
    if (taskOf.has(name))
      return { tree: scenarioOf({ tasks: [name], volume: '1000 requests/day' }), from: `From the task type ${name}.` };
    const near = suggestion(name, [...known.map((each) => each.name), ...taskOf.keys()], 'presets');
    const problems = [fileProblem('unknown-preset', '', `no preset is called "${name}"`, near)];
    return { problems, ...(near === null && { list: presetList(known) }) };
  }
  const { expect: _, ...tree } = parse(preset.text) as Record<string, unknown>;
  return { tree, from: `From the preset ${name}: ${preset.about}.`, checks: checksOf(tree) };
}

/** The scenario from a JSON or YAML file of answers; for `?` where to look it up. */
async function fromAnswers(io: Io, file: string): Promise<Begun> {
  const { text, problem } = await io.readText(file);
  if (text === null) return { problems: [problem] };
  const { document, problems } = readDocument(text, file, placesIn(file, text));
  if (document === null || haveErrors(problems)) return { problems };
  const keys = questions().map(({ key }) => key);
  const given = document.value;
  if (!isMap(given))
    return {
      problems: [fileProblem('bad-answers', file, 'this is no map of answers', `its keys: ${keys.join(', ')}`)],
    };
  const wrong = (key: string, on: 'key' | 'value', message: string, hint: string | null) =>
    problemAt(file, document.locate([key], on), { code: 'bad-answers', message, suggestion: hint });
  const mistakes = Object.entries(given).flatMap(([key, value]) => {
    const near = suggestion(key, keys, 'answers', keys.length);
    if (!keys.includes(key)) return wrong(key, 'key', `unknown answer \`${key.slice(0, longestKey)}\``, near);
    if (answerOf(value) !== null) return [];
    const hint = `write "${key}": "…", or a list of texts`;
    return wrong(key, 'value', `the answer \`${key}\` is no text, number, yes or no`, hint);
  });
  if (mistakes.length > 0) return { problems: mistakes };
  const isOpen = ({ key }: Question): boolean => answerOf(given[key]) === '?';
  const answered = questions().filter((question) => given[question.key] !== undefined && !isOpen(question));
  const answers = Object.fromEntries(answered.map(({ key }) => [key, answerOf(given[key]) ?? '']));
  return {
    tree: scenarioOf(answers, answered),
    from: `From ${file}.`,
    lookUp: questions()
      .filter(isOpen)
      .map(({ key, asks }) => `Look up ${key}: ${asks.replace(/\s*Empty: .*$/, '')}`),
    place: (path) => {
      const shown = withoutNames(path);
      const about = answered.filter((question) =>
        Object.keys(writtenBy(question, answers)).some((one) => `${shown}.`.startsWith(`${withoutNames(one)}.`)),
      );
      const key = about.at(-1)?.key ?? keys.find((one) => path.split('.').at(-1) === one && given[one] !== undefined);
      return key === undefined ? null : document.locate([key], 'value');
    },
  };
}

const longestKey = 64;

/** A path without the names or positions of tasks and entries. */
const withoutNames = (path: string): string => path.replace(/^(tasks|existing)\.[^.]+/, '$1').replace(/\.\d+$/, '');

/** An answer as a terminal gives it: numbers as text, booleans as yes and no; null: invalid. */
function answerOf(value: unknown): Answer | null {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.trim();
  if (!Array.isArray(value)) return null;
  const all = value.map((item) => (Array.isArray(item) ? null : answerOf(item)));
  return all.every((item): item is string => typeof item === 'string') ? all : null;
}
