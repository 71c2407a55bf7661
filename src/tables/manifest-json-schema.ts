import { Manifest } from './manifest.js';
import { publishedSchema } from './published-schema.js';

/** The JSON Schema of snapshot.yaml: editors complete and check one with it. */
export const snapshotJsonSchema = (): Record<string, unknown> => publishedSchema('snapshot', 1, Manifest);
