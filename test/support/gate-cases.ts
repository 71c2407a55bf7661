import { z } from 'zod';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from './cases.js';
import { asOf, tablesWith, type Written } from './scenario.js';

const cells = z.record(z.string(), z.unknown());
/** Fields of the task, and blocks. */
const asked = z.strictObject({ task: cells, with: cells }).partial();
const planned = { plan: z.string(), with: cells };
const rows = casesIn('gate-cases', {
  options: {
    gate: z.string(),
    option: z.string(),
    asks: asked.default({}),
    passes: asked.default({}),
    says: z.string().optional(),
    days: z.tuple([z.string(), z.string()]).optional(),
    'passes with free licenses': z.literal(true).optional(),
  },
  plans: { gate: z.string(), ...planned, passes: z.strictObject(planned) },
});

/** Easy enough for every model. */
const faq = { name: 'faq', type: 'faq-chat', capability: { minIndex: 1 } };
const workload = { volume: 1000, profile: 'flat' };
const one = ({ task, with: blocks }: z.infer<typeof asked>): Written => ({
  ...{ workload, tasks: [{ ...faq, ...task }] },
  ...blocks,
});
const two = (blocks: object): Written => ({
  workload,
  tasks: ['a', 'b'].map((name) => ({ ...faq, name, share: '50%' })),
  ...blocks,
});
const ofFreeLicense = (tables: Tables): Tables => {
  const models = tables.models.map((row) => ({ ...row, commercialUse: 'yes' as const }));
  return tablesWith(tables, { models, modelOf: new Map(models.map((row) => [row.family, row])) });
};

/**
 * For a rule: an option that it alone turns down, or (`says`) has something to say of, and a change of one input that
 * makes it pass: of the scenario, of the day of the assessment, or of what the tables say.
 */
export const gateCases = rows.options.map(({ asks, passes, says, days = [asOf, asOf], ...row }) => ({
  ...row,
  written: one(asks),
  passes: one(passes),
  days,
  ...(says !== undefined && { says: new RegExp(says) }),
  ...(row['passes with free licenses'] && { passesWith: ofFreeLicense }),
}));
export type GateCase = (typeof gateCases)[number];

/** For a rule about what several places share: a plan that it alone turns down, and another, or another scenario, that passes. */
export const planCases = rows.plans.map(({ gate, plan, with: blocks, passes }) => ({
  ...{ gate, plan, written: two(blocks) },
  passes: { plan: passes.plan, written: two(passes.with) },
}));
