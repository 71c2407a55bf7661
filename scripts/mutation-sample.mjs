/** One of so many top-level statements is mutated, and which of them; 1 is all. */
const oneOf = Number(process.env.MUTATION_ONE_OF ?? 1);
const part = Number(process.env.MUTATION_PART ?? 0);

/**
 * Leaves out all mutants of a top-level statement (a function, a constant, a type) that is not in the sample. Which are in
 * it depends on their text alone.
 */
const sample = {
  /** @param {any} path a Babel path */
  shouldIgnore(path) {
    if (oneOf === 1 || path.parent?.type !== 'Program') return undefined;
    return hashed(path.toString()) % oneOf === part ? undefined : 'not in the sample';
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'sample', value: sample }];

/** @param {string} text FNV-1a */
function hashed(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
