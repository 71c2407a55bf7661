import path from 'node:path';
import * as z from 'zod';
import type { Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import type { ReadScenario } from '../../workload/read.js';
import { realPath } from '../files.js';
import { fileProblem, type Io } from '../io.js';
import { readGiven } from '../read-given.js';
import { judgeOf, type Priced, readPriced } from '../read-workload.js';
import { common, refused } from './tool.js';

/** Arguments of every tool that reads a scenario. */
export const scenarioInput = {
  scenario: z.string().optional().describe('The scenario itself, YAML or JSON text; or name a file'),
  file: z.string().optional().describe('A scenario file in the working folder or below it'),
  set: z
    .array(z.string())
    .optional()
    .describe('Changes to the scenario, each path=value, for example workload.volume=20k/day'),
  ...common,
};
type ScenarioInput = z.infer<z.ZodObject<typeof scenarioInput>>;

/** A scenario with the tables it is judged by. */
export type Given = Pick<Priced, 'prose' | 'asOf'> & { scenario: ReadScenario; tables: Tables; warnings: Problem[] };

/** Reads what the arguments name; or everything that is wrong with it. */
export async function given(
  io: Io,
  { scenario: text, file, set = [], pricing, asOf }: ScenarioInput,
): Promise<Given | { problems: string }> {
  if ((text === undefined) === (file === undefined))
    return refused([fileProblem('usage', '', 'give either scenario, its text, or file', 'resource schema/scenario')]);
  const priced = await readPriced(io, { ...(pricing && { pricing }), ...(asOf && { asOf }) }, true);
  if (priced.tables === null) return refused(priced.problems);
  const read = file === undefined ? { text: text ?? '', problem: null } : await readBelow(io, file);
  if (read.text === null) return refused([read.problem]);
  const name = file ?? 'scenario';
  const {
    tables,
    prose,
    problems: unread,
  } = await judgeOf(io, read.text, name, { ...(pricing && { pricing }), set }, priced);
  if (tables === null) return refused(unread);
  const { scenario, problems } = readGiven(read.text, { file: name, set, tables, asOf: priced.asOf });
  if (scenario === null) return refused(problems);
  return { scenario, tables, prose, asOf: priced.asOf, warnings: [...priced.problems, ...problems] };
}

/** A file of the folder the server was started in, or of one below it, whatever links lead to. */
async function readBelow(io: Io, file: string): ReturnType<Io['readText']> {
  const way = path.relative(realPath('.'), realPath(file));
  const isOutside = way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way);
  if (file === '-' || isOutside) {
    const message = 'only files in the working folder of the server or below it are read';
    return { text: null, problem: fileProblem('outside', file, message, 'give its text as scenario') };
  }
  return io.readText(file);
}
