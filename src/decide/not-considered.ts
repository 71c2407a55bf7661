import { buildsOf } from '../places/chassis.js';
import { purchasable } from '../places/own-hardware.js';
import type { Tables } from '../tables/tables.js';
import type { ReadScenario } from '../workload/read.js';
import type { Workload } from '../workload/workload.js';
import type { Warning } from './decision.js';
import { isTimed } from './splits/cut.js';

/** What a scenario may say that does not enter the decision: said, never silently dropped. */
export function notConsidered(
  { scenario: { needs, existing }, ignored }: Pick<ReadScenario, 'scenario' | 'ignored'>,
  { taskParts }: Workload,
  tables: Tables,
): Warning[] {
  const fields: [string, boolean][] = [
    ['finding documents (needs.rag without their size)', needs?.rag === true],
    ...taskParts.filter(isTimed).flatMap(({ task, divisible }): [string, boolean][] => [
      [
        `a cascade for ${task}, whose latency target would have to hold over both answers,`,
        divisible?.easy?.told === 'after' && divisible.easy.share < 1,
      ],
      [
        `redaction for ${task}, whose latency target would have to hold over it and the answer,`,
        divisible?.sensitive?.redaction !== undefined && divisible.sensitive.share > 0,
      ],
    ]),
    ...(existing ?? []).map(({ accelerator }): [string, boolean] => [
      `existing: ${accelerator}, which has no price and no machine to stand in,`,
      !tables.accelerators.some(
        (row) => row.accelerator === accelerator && purchasable(row) && buildsOf(row).length > 0,
      ),
    ]),
  ];
  return [
    ...ignored.map(({ path, message }) => `${path}: ${message}`),
    ...fields.filter(([, given]) => given).map(([field]) => `${field} does not enter the decision`),
  ].map((message) => ({ code: 'not-considered', message }));
}
