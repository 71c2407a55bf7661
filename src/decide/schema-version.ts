/**
 * Semantic versions of what commands print as JSON. Minor: a key more. Major: a key less, another type or meaning, a word that
 * the schema did not list. Tests hold them to the schemas of earlier versions.
 */
export const resultSchemaVersion = '1.1.0';
export const comparisonSchemaVersion = '1.1.0';
export const checkSchemaVersion = '1.1.0';
