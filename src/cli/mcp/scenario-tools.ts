import * as z from 'zod';
import { assess } from '../../analyses/assess.js';
import { axisNames, breakEven, taskAxis } from '../../analyses/break-even/answer.js';
import { explain } from '../../decide/explain.js';
import { breakEvenTable } from '../../report/breakeven.js';
import { explainTable } from '../../report/explain.js';
import {
  shortBreakEven,
  shortBreakEvenSchema,
  shortExplanation,
  shortExplanationSchema,
} from '../../report/short-analyses.js';
import { shortAnswer, shortAnswerSchema, shortText } from '../../report/short-answer.js';
import { fileProblem } from '../io.js';
import { renderProblems } from '../problems.js';
import { tool as maker } from '../tool.js';
import { given, scenarioInput } from './read.js';
import { refused, type Tool } from './tool.js';

const assessInput = z.strictObject({
  ...scenarioInput,
  point: z
    .boolean()
    .default(true)
    .describe(
      'The decision alone, in seconds. false adds ranges, confidence and what changes the answer: up to a minute',
    ),
});

export const assessTool: Tool<typeof assessInput> = {
  name: 'assess',
  title: 'Where a workload should run',
  description:
    'Decides where an LLM workload should run (closed API, hosted open model, managed endpoint, serverless, rented or own GPUs, device, or a mix), what it costs a month and why not elsewhere. Call this first.',
  input: assessInput,
  output: shortAnswerSchema,
  async run(io, { point, ...input }) {
    const read = await given(io, input);
    if ('problems' in read) return read;
    const { scenario, tables, warnings, ...rest } = read;
    const decision = assess(scenario, tables, { ...rest, point, tool: maker });
    const text = shortText(decision) + renderProblems(warnings, { color: false });
    return { text, data: shortAnswer(decision, warnings) };
  },
};

const breakEvenInput = z.strictObject({
  ...scenarioInput,
  axis: z
    .string()
    .default('requestsPerDay')
    .describe(`What is varied: ${axisNames.join(', ')}, or ${taskAxis}NAME for the volume of one task`),
});
export const breakEvenTool: Tool<typeof breakEvenInput> = {
  name: 'breakeven',
  title: 'From which volume or value another way is cheaper',
  description:
    'The best plan by volume, and where the cheaper of two plans changes along an axis: volume, months, prices of tokens. Takes seconds to a minute.',
  input: breakEvenInput,
  output: shortBreakEvenSchema,
  async run(io, { axis, ...input }) {
    const read = await given(io, input);
    if ('problems' in read) return read;
    const { scenario, tables, warnings: _, ...rest } = read;
    const found = breakEven(scenario, tables, { ...rest, axis, tool: maker });
    if (typeof found === 'string') return refused([fileProblem('breakeven', '', found)]);
    return { text: breakEvenTable(found, false), data: shortBreakEven(found) };
  },
};

const explainInput = z.strictObject({
  ...scenarioInput,
  plan: z.string().optional().describe('Id of a plan or an option, or a deployment type (default: the advised plan)'),
  figure: z.string().optional().describe('monthlyCost (default), costPerRequest, fteNeeded, people.run, …'),
  depth: z.int().min(1).max(20).default(3).describe('Levels of the tree'),
});

export const explainTool: Tool<typeof explainInput> = {
  name: 'explain',
  title: 'Where a figure comes from',
  description:
    'Takes a figure of a plan apart, down to rows of price tables with source and date, assumptions and the scenario. Takes seconds.',
  input: explainInput,
  output: shortExplanationSchema,
  async run(io, { plan = null, figure = null, depth, ...input }) {
    const read = await given(io, input);
    if ('problems' in read) return read;
    const { scenario, tables, warnings: _, ...rest } = read;
    const found = explain(scenario, tables, { ...rest, plan, figure, tool: maker });
    if ('code' in found) return refused([fileProblem(found.code, '', found.message, found.suggestion)]);
    return {
      text: explainTable(found, { color: false, width: 100, depth, isJob: scenario.scenario.workload.once === true }),
      data: shortExplanation(found, depth),
    };
  },
};
