/**
 * Solves A x = b for a symmetric positive definite A (n x n, row by row) by Cholesky's method; A is overwritten with its
 * factor. Null where A is not positive definite.
 */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array | null {
  const n = b.length;
  if (!factorize(a, n)) return null;
  return substitute(a, b);
}

/** Diagonal of the inverse of a symmetric positive definite matrix; A is overwritten. Null where it is not. */
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
