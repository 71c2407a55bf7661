import * as z from 'zod';

/**
 * What users write, as the JSON Schema that editors and other programs check it by. Its id names the format and its major
 * version: within one, what was accepted stays accepted.
 */
export function publishedSchema(name: string, schema: z.ZodType): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { $schema, ...identity(name, 1), ...rest };
}

/** What a published JSON Schema is called. The id is a name, not an address: nothing is fetched from it. */
export const identity = (name: string, major: number) => ({
  $id: `urn:deploy-advisor:schema:${name}:${major}`,
  title: `deploy-advisor ${name.replace('-', ' ')}, version ${major}`,
});
