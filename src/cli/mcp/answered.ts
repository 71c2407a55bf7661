import path from 'node:path';
import type { Values } from '../arguments.js';
import { realPath } from '../files.js';
import { fileProblem, type Io } from '../io.js';
import { type Answered, refused, type Tool } from './tools.js';

/** What a command prints, and what it would have written to the streams of the process. */
export async function captured(io: Io, run: (io: Io) => Promise<void>): Promise<{ out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const stream = { isTTY: false, columns: null, color: false };
  await run({
    ...{ ...io, stdout: stream, stderr: stream },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    setExitCode: () => {},
  });
  return { out: out.join(''), err: err.join('') };
}

/** Runs the command of a tool with its arguments. */
export async function answered(io: Io, tool: Tool, args: Values): Promise<Answered> {
  const { command, answerOf, ofScenario } = tool;
  const { scenario, file, plan, figure, ...options } = args as Record<string, string | undefined>;
  if (tool.run !== undefined) return tool.run(io, texts(args));
  if (ofScenario && (scenario === undefined) === (file === undefined))
    return refused(fileProblem('usage', '', 'give either scenario, its text, or file', 'resource schema/scenario'));
  if (file !== undefined && isOutside(file)) {
    const message = 'only files in the working folder of the server or below it are read';
    return refused(fileProblem('outside', file, message, 'give its text as scenario'));
  }
  const name = file ?? 'scenario';
  const withText: Io = {
    ...io,
    readText: (asked, maxBytes) =>
      scenario !== undefined && asked === name
        ? Promise.resolve({ text: scenario, problem: null })
        : io.readText(asked, maxBytes),
  };
  const printed = (format: string) => {
    const values = { ...texts(options), scenario: [name], format, color: false };
    return captured(withText, (own) => command.run(own, ofScenario && name, values, plan, figure));
  };
  const { out, err } = await printed('json');
  const data = JSON.parse(out);
  // The JSON of errors has no decision: clients get their text.
  if ('errors' in data) return { problems: (await printed('table')).err };
  const warnings = err.split('\n').filter((line) => line !== '');
  const found: { text?: string; data: object } = answerOf?.(data, args, warnings) ?? { data };
  return { text: found.text ?? (await printed('table')).out, data: found.data };
}

/** Whether a file is neither in the folder the server was started in nor in one below it, whatever links lead to. */
function isOutside(file: string): boolean {
  const way = path.relative(realPath('.'), realPath(file));
  return file === '-' || way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way);
}

/** Arguments as a command line has them. */
const texts = (args: Values): Values =>
  Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => {
      if (value === undefined || value === false) return [];
      return [[name, value === true || Array.isArray(value) ? value : String(value)]];
    }),
  );
