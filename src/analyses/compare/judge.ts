import type { Decision } from '../../decide/decision.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { type ReadScenario, withScenarioPrices } from '../../workload/read.js';
import { resolve } from '../../workload/resolve.js';

import { type AssessOptions, assess } from '../assess.js';
import type { Judged } from './causes.js';

/** What scenarios are judged by. */
export type Judge = { tables: Tables; prose: Prose; asOf: string };

/** How much is decided: the point alone, or (`draws`) how sure it is too. */
export type JudgeOptions = Pick<AssessOptions, 'tool' | 'seed' | 'drawProgress' | 'include'> & { draws: boolean };

/** Decides a scenario for a comparison, with what its bills are made of. */
export function decide(read: ReadScenario, { tables, prose, asOf }: Judge, options: JudgeOptions): Decision {
  const { draws, ...rest } = options;
  return assess(read, tables, { ...rest, asOf, prose, point: !draws, basis: true, flips: 'none' });
}

/** What was decided on, so that it can be decided again on other inputs. */
export function judgedBy(read: ReadScenario, { tables: list, prose, asOf }: Judge): Judged {
  const own = withScenarioPrices(read, list, prose);
  return { read, list, prose, context: { workload: resolve(read, own.tables, asOf), tables: own.tables } };
}
