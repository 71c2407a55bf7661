/**
 * The JSON Schema of what users write, for editors and other programs. Its id has the format and its major version:
 * within one, what was accepted stays accepted.
 */
export const publishedSchema = (name: string, schema: Record<string, unknown>): Record<string, unknown> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...identity(name, 1),
  ...schema,
});

/** The name of a published JSON Schema; its id is not an address. */
export const identity = (name: string, major: number) => ({
  $id: `urn:deploy-advisor:schema:${name}:${major}`,
  title: `deploy-advisor ${name.replace('-', ' ')}, version ${major}`,
});
