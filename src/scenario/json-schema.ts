import * as z from 'zod';
import { scenarioSchema } from './schema.js';

/** The JSON Schema of what users write: editors complete and check a scenario with it. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' });
  return { $schema, title: 'deploy-advisor scenario, version 1', ...rest };
}
