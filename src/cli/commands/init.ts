import { existsSync } from 'node:fs';
import { parse } from 'yaml';
import type { Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import { suggestion } from '../../units/suggest.js';
import { commentedScenario } from '../../workload/commented.js';
import { fieldsOf } from '../../workload/fields.js';
import { readScenario } from '../../workload/read.js';
import { isMap } from '../../workload/source.js';
import type { Values } from '../arguments.js';
import { type Answers, questions, scenarioOf } from '../init/questions.js';
import { ask, type Terminal } from '../init/wizard.js';
import { fileProblem, type Io, packagePath } from '../io.js';
import { type Preset, presets } from '../presets.js';
import { readTables } from '../read-tables.js';
import { report } from '../report-problems.js';
import { tool } from '../tool.js';
import { fieldExamples } from './schema.js';

type Options = {
  from?: string;
  answers?: string;
  set?: string[];
  output?: string;
  force?: true;
  color: boolean;
  quiet?: true;
};

/** A scenario as plain data with how it came about, or why there is none; null: the user stopped. */
type Begun = { tree: Record<string, unknown>; from: string } | { problems: Problem[]; list?: string } | null;

/** `init`: writes a first scenario from a preset, a file of answers, or answers at the terminal. */
export async function runInit(io: Io, values: Values, terminal?: Terminal): Promise<void> {
  const options = values as unknown as Options;
  const { output = 'scenario.yaml', set = [] } = options;
  const fail = (...problems: Problem[]) => report(io, options, problems);
  if (options.from !== undefined && options.answers !== undefined)
    return fail(fileProblem('usage', '', '--from and --answers both say what to write', 'give one of them'));
  if (output !== '-' && options.force !== true && existsSync(output))
    return fail(fileProblem('file-there', output, 'this file is there already', '--force writes over it'));
  const { tables, problems } = await readTables(io, {});
  if (tables === null) return fail(...problems);

  const begun = await begin(io, options, tables, terminal);
  if (begun === null) return io.setExitCode(130);
  if ('problems' in begun) {
    await fail(...begun.problems);
    return begun.list === undefined ? undefined : io.err(begun.list);
  }
  const file = options.answers ?? options.from ?? 'scenario.yaml';
  const read = readScenario(JSON.stringify(begun.tree, null, 2), { file, set, tables });
  if (read.scenario === null) return report(io, options, read.problems);

  const [schema, examples] = await Promise.all(
    ['schema/scenario.json', fieldExamples].map((path) => io.readText(packagePath(path))),
  );
  const fields = fieldsOf(JSON.parse(schema?.text ?? '{}'), examples?.text ?? '');
  const text = commentedScenario(read.scenario.tree as Record<string, unknown>, fields, [
    begun.from,
    'Lines behind # are fields that are not set, with an example each: take the # away to use one.',
    'Every field: docs/scenario.md of the package, or deploy-advisor schema scenario --short.',
  ]);
  const unwritten = output === '-' ? void io.out(text) : io.writeText(output, text);
  if (unwritten) return fail(unwritten);
  if (output !== '-' && options.quiet !== true && io.stderr.isTTY)
    io.err(`wrote ${output}\nnext: ${tool.name} assess ${output}\n`);
  await report(io, options, read.problems);
}

async function begin(io: Io, { from, answers }: Options, tables: Tables, terminal?: Terminal): Promise<Begun> {
  if (from !== undefined) return fromPreset(io, from, tables);
  if (answers !== undefined) return fromAnswers(io, answers);
  const isTerminal = terminal !== undefined || (io.stdout.isTTY && process.stdin.isTTY === true);
  if (!isTerminal) {
    const message = 'no terminal to ask at: name a preset or a file of answers';
    const hint = 'init --from <preset>, or --answers <file>';
    return { problems: [fileProblem('usage', '', message, hint)], list: presetList(await presets(io)) };
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

/** A shipped scenario without what it is tested for, or the least scenario of a task type. */
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
  return { tree, from: `From the preset ${name}: ${preset.about}.` };
}

/** The scenario that a JSON file of answers says. */
async function fromAnswers(io: Io, file: string): Promise<Begun> {
  const { text, problem } = await io.readText(file);
  if (text === null) return { problems: [problem] };
  const wrong = (message: string, hint: string | null) => ({
    problems: [fileProblem('bad-answers', file, message, hint)],
  });
  const keys = questions.map(({ key }) => key);
  let answers: unknown;
  try {
    answers = JSON.parse(text);
  } catch {
    answers = null;
  }
  if (!isMap(answers)) return wrong('this is no JSON map of answers', `its keys: ${keys.join(', ')}`);
  const strange = Object.keys(answers).find((key) => !keys.includes(key));
  if (strange !== undefined)
    return wrong(`unknown answer \`${strange.slice(0, 64)}\``, suggestion(strange, keys, 'answers', keys.length));
  const isAnswer = (each: unknown) =>
    typeof each === 'string' || (Array.isArray(each) && each.every((item) => typeof item === 'string'));
  const unfit = Object.keys(answers).find((key) => !isAnswer(answers[key]));
  if (unfit !== undefined)
    return wrong(`the answer \`${unfit}\` is no text`, `write "${unfit}": "…", or a list of texts`);
  return { tree: scenarioOf(answers as Answers), from: `From ${file}.` };
}
