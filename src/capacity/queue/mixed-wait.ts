/** Prompts of one task on a replica: how many a second, and the seconds that one holds it. */
export type PromptLoad = { perS: number; promptS: number };

const tail = 0.05;

/**
 * Seconds that 95 % of the requests of a task wait at most for the prompts of other tasks on the same replica, told closely: an engine
 * prefills one prompt after the other. Whoever comes while one of task j is under way (for rho_j = rate x seconds of the time) waits for
 * what is left of it, S_j (1 - 0.05 / rho_j) for all but a twentieth; and on the mean for those before it, sum of rate S^2 / (2 (1 - rho)) as
 * in Pollaczek and Khinchine. Infinite where the prompts alone are more than the replica can do.
 */
export function waitForPromptsP95S(others: readonly PromptLoad[]): number {
  let [busy, square, longest] = [0, 0, 0];
  for (const { perS, promptS } of others) {
    const share = perS * promptS;
    busy += share;
    square += share * promptS;
    if (share > tail) longest = Math.max(longest, promptS * (1 - tail / share));
  }
  return busy >= 1 ? Number.POSITIVE_INFINITY : longest + square / (2 * (1 - busy));
}
