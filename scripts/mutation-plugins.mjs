import { readFileSync } from 'node:fs';

/** Leaves out what runs when a module is loaded: it would have to be held against every test there is. */
export const whenLoaded = {
  /** @param {any} path a Babel path */
  shouldIgnore: (path) =>
    path.isProgram() || path.isFunction() || path.getFunctionParent() !== null || holdsFunction(path)
      ? undefined
      : 'runs when the module is loaded',
};

/** @param {any} path */
function holdsFunction(path) {
  let found = false;
  path.traverse({
    Function(/** @type {any} */ inner) {
      found = true;
      inner.stop();
    },
  });
  return found;
}

/** The name of a mutant, the same in the list, to a checker and in a report, where its place is as in `onPage`. */
export function keyOf(/** @type {string} */ fileName, /** @type {any} */ { location, mutatorName, replacement }) {
  const file = fileName.replace(/^.*?(?=src\/)/, '');
  const { start, end } = location;
  return [file, `${start.line}:${start.column}-${end.line}:${end.column}`, mutatorName, replacement].join('|');
}

/** A mutant with lines and columns as reports count them, from 1. */
export function onPage(/** @type {any} */ { location: { start, end }, ...mutant }) {
  const from1 = (/** @type {any} */ { line, column }) => ({ line: line + 1, column: column + 1 });
  return { ...mutant, location: { start: from1(start), end: from1(end) } };
}

/** Runs those mutants alone that are named in the file at `MUTATION_SAMPLE`. */
class Sampled {
  chosen = new Set(JSON.parse(readFileSync(process.env.MUTATION_SAMPLE ?? '', 'utf8')));

  async init() {}

  /** @param {any[]} mutants */
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  /** @param {any[]} mutants */
  async check(mutants) {
    const result = (/** @type {any} */ mutant) =>
      this.chosen.has(keyOf(mutant.fileName, onPage(mutant)))
        ? { status: 'passed' }
        : { status: 'compileError', reason: 'not in the sample' };
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, result(mutant)]));
  }
}

/** Says which change nobody noticed when it is known, with the tests that ran: a run takes long, and may be stopped. */
class Survivors {
  /** @param {any} mutant */
  onMutantTested({ status, coveredBy, ...mutant }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    console.log(
      `${status} ${keyOf(mutant.fileName, mutant).replaceAll(/\s+/g, ' ')} (${coveredBy?.length ?? 0} tests)`,
    );
  }
}

export const strykerPlugins = [
  { kind: 'Ignore', name: 'when-loaded', value: whenLoaded },
  { kind: 'Checker', name: 'sampled', injectableClass: Sampled },
  { kind: 'Reporter', name: 'survivors', injectableClass: Survivors },
];
