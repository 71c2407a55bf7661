import { capacityOn, type PricedCapacity } from '../cost/capacity-cost.js';
import type { Tables } from '../tables/tables.js';
import type { Problem } from '../units/problem.js';
import { assumptionsOf, predictorWith } from './capacity-predictor.js';
import { type CapacityOptions, readCapacityQuestion } from './capacity-question.js';
import { fileProblem } from './io.js';

/** A model on a machine, requests of so many tokens on the mean, and what is asked of it; texts are as on the command line. */
export type CapacityRequest = {
  /** Open model, by family or another name. */
  model: string;
  accelerator: string;
  /** Cards of one replica (default 1). */
  count?: number;
  /** Scheme of the weights (default: as released). */
  quantization?: string;
  engine?: string;
  inputTokens: number;
  outputTokens: number;
  /** The load as `8/s` or `20k/day`, or `users` who each have one request under way. */
  rate?: string;
  users?: number;
  /** Targets with their units: `1s`, `50ms`, `20s`. */
  ttftP95?: string;
  tpotP95?: string;
  totalP95?: string;
};

/** What a machine carries, at what latency and rent. Without a prediction, `problems` say why. */
export function predictCapacity(
  tables: Tables,
  { inputTokens, outputTokens, count, users, ...texts }: CapacityRequest,
): { capacity: PricedCapacity | null; problems: Problem[] } {
  const { assume } = assumptionsOf(tables, []);
  const options: CapacityOptions = {
    ...texts,
    ...{ input: String(inputTokens), outputTokens: String(outputTokens) },
    ...(count !== undefined && { count: String(count) }),
    ...(users !== undefined && { users: String(users) }),
  };
  const { question, problems } = readCapacityQuestion(options, tables, assume);
  if (question === null) return { capacity: null, problems };
  const found = capacityOn(question, tables, predictorWith(tables, tables, assume, []));
  if (typeof found !== 'string') return { capacity: found, problems };
  return { capacity: null, problems: [...problems, fileProblem('not-predicted', '', found)] };
}
