/** Which of two curves costs less at a volume; a tie is a's. */
export type Winner = 'a' | 'b';

/** Ties: USD are published with 12 significant digits. */
export const tieShare = 1e-12;

/** Whether two amounts are the same, as far as they are published. */
export function ties(a: number, b: number): boolean {
  const most = Math.max(Math.abs(a), Math.abs(b));
  return a === b || (most < Number.POSITIVE_INFINITY && Math.abs(a - b) <= tieShare * most);
}

/** The cheaper one of two amounts of USD. */
export const winnerOf = (a: number, b: number): Winner => (a <= b || ties(a, b) ? 'a' : 'b');
