/**
 * Solves A x = b for a symmetric positive definite A (n x n, by row) by Cholesky's method; A is overwritten with its
 * factor. Null where A is not positive definite.
 */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array | null {
  const n = b.length;
  if (!factorize(a, n)) return null;
  return substitute(a, b);
}

/** Diagonal of the inverse of a symmetric positive definite matrix; A is overwritten. Null: not definite. */
export function inverseDiagonal(a: Float64Array, n: number): Float64Array | null {
  if (!factorize(a, n)) return null;
  const unit = new Float64Array(n);
  return Float64Array.from({ length: n }, (_, i) => {
    unit.fill(0);
    unit[i] = 1;
    return substitute(a, unit)[i] as number;
  });
}

function factorize(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[i * n + k] as number) * (a[j * n + k] as number);
      if (i > j) a[i * n + j] = sum / (a[j * n + j] as number);
      else if (sum <= 0) return false;
      else a[j * n + j] = Math.sqrt(sum);
    }
  }
  return true;
}

function substitute(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (factor[i * n + k] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (factor[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = (x[i] as number) - (factor[k * n + i] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (factor[i * n + i] as number);
  }
  return x;
}

/** A robust fit of logarithms: predictions, priors, and weights of residuals. */
export type FitProblem = {
  /** Residuals at `theta`, only those in `rows` (null: all). */
  residuals(theta: Float64Array, out: Float64Array, rows: readonly number[] | null): void;
  /** Which residuals each parameter can change. */
  touches: readonly (readonly number[])[];
  count: number;
  weight: Float64Array;
  /** Standard deviation of each parameter's Gaussian prior, whose mean is 0. */
  priorSd: Float64Array;
  /** Usual size of residuals; much larger ones have less weight (Student's t). */
  scale: number;
  degrees: number;
};

export type Fit = { theta: Float64Array; sd: Float64Array; loss: number; steps: number };

const difference = 1e-4;

/**
 * Levenberg-Marquardt on
 *
 *     sum of w x (nu + 1)/2 x log(1 + (r/s)^2 / nu)  +  1/2 sum of (theta / prior sd)^2
 *
 * with reweighted squares. Standard deviations are those of the quadratic form at the optimum.
 */
export function fitRobust(problem: FitProblem, from: Float64Array, most = 40): Fit {
  const { count, weight, priorSd, scale, degrees, touches } = problem;
  const n = from.length;
  let theta = Float64Array.from(from);
  let r = new Float64Array(count);
  problem.residuals(theta, r, null);
  const lossOf = (at: Float64Array, of: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < count; i++)
      sum += (weight[i] as number) * ((degrees + 1) / 2) * Math.log(1 + ((of[i] as number) / scale) ** 2 / degrees);
    for (let k = 0; k < n; k++) sum += 0.5 * ((at[k] as number) / (priorSd[k] as number)) ** 2;
    return sum;
  };
  let loss = lossOf(theta, r);
  let damping = 1e-3;
  let steps = 0;
  let matrix = new Float64Array(n * n);
  const moved = new Float64Array(count);
  for (; steps < most; steps++) {
    const jacobian: Float64Array[] = [];
    for (let k = 0; k < n; k++) {
      const rows = touches[k] as readonly number[];
      const probe = Float64Array.from(theta);
      probe[k] = (probe[k] as number) + difference;
      problem.residuals(probe, moved, rows);
      jacobian.push(Float64Array.from(rows, (i) => ((moved[i] as number) - (r[i] as number)) / difference));
    }
    matrix = new Float64Array(n * n);
    const gradient = new Float64Array(n);
    const reweighted = Float64Array.from(
      weight,
      (w, i) => (w * (degrees + 1)) / (degrees + ((r[i] as number) / scale) ** 2) / scale ** 2,
    );
    const dense = new Float64Array(count);
    for (let k = 0; k < n; k++) {
      const rows = touches[k] as readonly number[];
      dense.fill(0);
      rows.forEach((i, at) => {
        const jw = ((jacobian[k] as Float64Array)[at] as number) * (reweighted[i] as number);
        dense[i] = jw;
        gradient[k] = (gradient[k] as number) + jw * (r[i] as number);
      });
      for (let l = 0; l <= k; l++) {
        let sum = 0;
        const others = touches[l] as readonly number[];
        const column = jacobian[l] as Float64Array;
        for (let at = 0; at < others.length; at++)
          sum += (dense[others[at] as number] as number) * (column[at] as number);
        matrix[k * n + l] = sum;
        matrix[l * n + k] = sum;
      }
      const precision = 1 / (priorSd[k] as number) ** 2;
      matrix[k * n + k] = (matrix[k * n + k] as number) + precision;
      gradient[k] = (gradient[k] as number) + precision * (theta[k] as number);
    }
    let better = false;
    for (let attempt = 0; attempt < 10 && !better; attempt++) {
      const damped = Float64Array.from(matrix);
      for (let k = 0; k < n; k++) damped[k * n + k] = (damped[k * n + k] as number) * (1 + damping);
      const step = solvePositive(damped, gradient);
      if (step !== null) {
        const next = theta.map((value, k) => value - Math.max(-0.5, Math.min(0.5, step[k] as number)));
        const residuals = new Float64Array(count);
        problem.residuals(next, residuals, null);
        const reached = lossOf(next, residuals);
        if (reached < loss) {
          better = true;
          damping = Math.max(1e-6, damping / 4);
          const gain = loss - reached;
          theta = next;
          r = residuals;
          loss = reached;
          if (gain < 1e-4 * Math.max(1, loss)) return finish();
        }
      }
      if (!better) damping *= 5;
    }
    if (!better) break;
  }
  return finish();

  function finish(): Fit {
    const variance = inverseDiagonal(Float64Array.from(matrix), n);
    return { theta, sd: Float64Array.from(theta, (_, k) => Math.sqrt(variance?.[k] ?? 0)), loss, steps };
  }
}
