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

/**
 * Semantic versions of printed JSON. Minor: a key more. Major: a key less, another type or meaning, a word that the
 * schema did not list. Tests compare with the schemas of earlier versions.
 */
export const resultSchemaVersion = '2.0.0';
export const comparisonSchemaVersion = '1.1.0';
export const checkSchemaVersion = '1.1.0';
