import type { Problem } from '../../units/problem.js';
import { problemsWith, type Swept, settingsOf } from './cell.js';
import { badVary, type Grid, gridOf, type WrittenAxis } from './grid.js';

/** Combinations that are looked at before a value counts as wrong in all of them. */
const mostLooked = 256;

/** Values that are wrong whatever the other axes, each at its place in the argument. */
export function wrongValues(axes: readonly WrittenAxis[], swept: Swept): Problem[] {
  const told = new Set<string>();
  return axes.flatMap((axis, a) =>
    axis.values.flatMap((value, i) => {
      const found = problemsWith(swept, [`${axis.path}=${value}`]);
      if (found.length === 0 || isRightSomewhere(axes, a, value, swept)) return [];
      return found.flatMap((problem) => {
        const { offset, about } = placed(problem, axis, value, i);
        const key = `${a} ${offset} ${about}`;
        if (told.has(key)) return [];
        told.add(key);
        return [badVary(axis.argument, offset, about, problem.suggestion)];
      });
    }),
  );
}

/** The place of a problem within the argument of an axis, and its message. */
function placed({ file, column, path, message }: Problem, axis: WrittenAxis, value: string, i: number) {
  const at = (column ?? 1) - 1;
  const own = file === '--set';
  // A wrong path is wrong for every value.
  if (own && at <= axis.path.length) return { offset: at, about: message };
  const rest = own || path === '' ? message : `${path}: ${message}`;
  return { offset: axis.offsets[i] ?? 0, about: `with ${value}: ${rest}` };
}

function isRightSomewhere(axes: readonly WrittenAxis[], a: number, value: string, swept: Swept): boolean {
  const others: Grid = gridOf(axes.map((axis, i) => (i === a ? { path: axis.path, values: [value] } : axis)));
  if (axes.length === 1) return false;
  const step = Math.max(1, Math.ceil(others.cells / mostLooked));
  for (let cell = 0; cell < others.cells; cell += step)
    if (swept.read.changed(settingsOf(others, cell)) !== null) return true;
  return false;
}
