/**
 * What users write, as the JSON Schema that editors and other programs check it by. Its id names the format and its major
 * version: within one, what was accepted stays accepted.
 */
export const publishedSchema = (name: string, schema: Record<string, unknown>): Record<string, unknown> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...identity(name, 1),
  ...schema,
});

/** What a published JSON Schema is called. The id is a name, not an address: nothing is fetched from it. */
export const identity = (name: string, major: number) => ({
  $id: `urn:deploy-advisor:schema:${name}:${major}`,
  title: `deploy-advisor ${name.replace('-', ' ')}, version ${major}`,
});
