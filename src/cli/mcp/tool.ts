import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Schema } from '../../decide/json-schema.js';
import { plainTree } from '../../report/plain-text.js';
import { roundedTree } from '../../report/sheets.js';
import { isDay } from '../../units/month.js';
import type { Problem } from '../../units/problem.js';
import type { Io } from '../io.js';
import { renderProblems } from '../problems.js';

/** What a tool answers: a text for people and models, and the same as data; or why it cannot, as the command line tells it. */
export type Answered = { text: string; data: object } | { problems: string };

/** One tool: its arguments and its answer as schemas. Keys of an answer that its schema lacks are left out. */
export type Tool<In extends z.ZodObject = z.ZodObject> = {
  name: string;
  title: string;
  description: string;
  input: In;
  output: Schema<unknown>;
  run(io: Io, args: z.infer<In>): Promise<Answered>;
};

/** The answers follow from the arguments and the shipped tables alone. */
const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

/** Makes a tool known to a server. */
export function register<In extends z.ZodObject>(server: McpServer, io: Io, tool: Tool<In>): void {
  const { name, title, description } = tool;
  const [input, output] = [tool.input as z.ZodObject, tool.output.zod()];
  const config = { title, description, inputSchema: input, outputSchema: output, annotations };
  server.registerTool(name, config, async (args): Promise<CallToolResult> => {
    const answer = await tool.run(io, args as z.infer<In>);
    if ('problems' in answer) return { isError: true, content: [{ type: 'text', text: answer.problems }] };
    const data = output.parse(plainTree(roundedTree(answer.data)));
    return { content: [{ type: 'text', text: answer.text }], structuredContent: data };
  });
}

/** Problems as lines `file:line:column  error  code  message`. */
export const refused = (problems: readonly Problem[]): { problems: string } => ({
  problems: renderProblems(problems, { color: false }),
});

/** Runs a command of the command line; what it prints is the answer, nothing goes to the streams of the process. */
export async function captured(
  io: Io,
  run: (io: Io) => Promise<void>,
): Promise<{ out: string; problems: string | null }> {
  const [out, err, codes]: [string[], string[], number[]] = [[], [], []];
  const stream = { isTTY: false, columns: null, color: false };
  await run({
    ...{ ...io, stdout: stream, stderr: stream },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    setExitCode: (code) => void codes.push(code),
  });
  return { out: out.join(''), problems: codes.includes(2) ? err.join('') : null };
}

const date = z.string().refine(isDay, 'Expected a date as YYYY-MM-DD.').optional();
/** Arguments that several tools take. */
export const common = {
  pricing: date.describe('Date of a shipped price snapshot (default: the newest)'),
  asOf: date.describe('Day to judge by, YYYY-MM-DD (default: today, UTC)'),
};
