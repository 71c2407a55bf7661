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

/** Names of the mutants to run: those in the file at `MUTATION_SAMPLE`. */
const chosen = new Set(
  process.env.MUTATION_SAMPLE === undefined ? [] : JSON.parse(readFileSync(process.env.MUTATION_SAMPLE, 'utf8')),
);

/** Places of the chosen mutants by file, so that code around none of them stays as it is and as fast as it is. */
const placesByFile = new Map();
for (const key of chosen) {
  const [file, place] = key.split('|');
  const [from, to] = place.split('-').map((/** @type {string} */ one) => one.split(':').map(Number));
  placesByFile.set(file, [...(placesByFile.get(file) ?? []), { from, to }]);
}

const aroundChosen = {
  /** @param {any} path a Babel path */
  shouldIgnore({ node: { loc }, hub }) {
    const file = hub.file.opts.filename.replace(/^.*?(?=src\/)/, '');
    const holds = placesByFile
      .get(file)
      ?.some(
        (/** @type {any} */ { from, to }) =>
          !isBefore(from, [loc.start.line, loc.start.column + 1]) && !isBefore([loc.end.line, loc.end.column + 1], to),
      );
    return holds ? undefined : 'not in the sample';
  },
};

/** @type {(one: number[], other: number[]) => boolean} */
const isBefore = ([line = 0, column = 0], [otherLine = 0, otherColumn = 0]) =>
  line < otherLine || (line === otherLine && column < otherColumn);

/** Runs the chosen mutants alone. */
class Sampled {
  async init() {}

  /** @param {any[]} mutants */
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  /** @param {any[]} mutants */
  async check(mutants) {
    const result = (/** @type {any} */ mutant) =>
      chosen.has(keyOf(mutant.fileName, onPage(mutant)))
        ? { status: 'passed' }
        : { status: 'compileError', reason: 'not in the sample' };
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, result(mutant)]));
  }
}

/**
 * Says which change nobody noticed when it is known, with its line as changed and how many tests reach it: a run takes long, and may
 * be stopped. So it does where only the clock says that a change was noticed.
 */
class Survivors {
  /** @param {any} mutant */
  onMutantTested({ status, statusReason, coveredBy, testsCompleted, ...mutant }) {
    const isByClock = status === 'Timeout' && statusReason === undefined;
    if (status !== 'Survived' && status !== 'NoCoverage' && !isByClock) return;
    const [reach, run] = [coveredBy?.length ?? 0, testsCompleted ?? 0];
    // Tests whose names hold one of theirs run as well.
    const ran = isByClock
      ? 'stopped by the clock'
      : run < reach
        ? `only ${run} of ${reach} tests ran`
        : `${reach} tests`;
    const key = keyOf(mutant.fileName, mutant).replaceAll(/\s+/g, ' ');
    console.log(`${status} ${key} (${ran})${changedLine(mutant)}`);
  }
}

/** A changed line as it is run, to be tried by hand: an operator binds what it is between, as brackets would. */
function changedLine(/** @type {any} */ { fileName, location: { start, end }, mutatorName, replacement }) {
  const line = readFileSync(fileName, 'utf8').split('\n')[start.line - 1] ?? '';
  if (start.line !== end.line || replacement.includes('\n')) return '';
  const changed = /^(Arithmetic|Equality|Logical)Operator$/.test(mutatorName) ? `(${replacement})` : replacement;
  return `\n  ${(line.slice(0, start.column - 1) + changed + line.slice(end.column - 1)).trim()}`;
}

export const strykerPlugins = [
  { kind: 'Ignore', name: 'when-loaded', value: whenLoaded },
  { kind: 'Ignore', name: 'around-chosen', value: aroundChosen },
  { kind: 'Checker', name: 'sampled', injectableClass: Sampled },
  { kind: 'Reporter', name: 'survivors', injectableClass: Survivors },
];
