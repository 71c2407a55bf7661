/**
 * Semantic version of the result. Minor: a key more. Major: a key less, another type or meaning, a word that the schema did
 * not list. Tests hold it to the schemas of earlier versions.
 */
export const resultSchemaVersion = '1.1.0';
