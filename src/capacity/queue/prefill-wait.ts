import type { Demand } from './demand.js';
import { limitedMoment } from './lengths.js';

/** Tokens of a prompt in prefill that are still to come, as another arrival finds it: their mean, and shares up to nodes. */
export type Residual = { mean: number; below: Float64Array };

const nodes = 40;
/** The nodes reach so many means of the residual, and lie closer together near zero. */
const nodesReach = 40;

/** Equilibrium distribution of the prompt length: E[min(length, tokens)] / E[length]. */
export function residualOf({ input, hitTokens, meanFresh, freshSquare }: Demand): Residual {
  const mean = freshSquare / meanFresh / 2;
  const ofHits = limitedMoment(input, 1, hitTokens);
  const below = new Float64Array(nodes + 1);
  for (let node = 1; node <= nodes; node++) {
    const tokens = nodesReach * mean * (node / nodes) ** 2;
    const share = Math.min(1, (limitedMoment(input, 1, hitTokens + tokens) - ofHits) / meanFresh);
    below[node] = Math.max(below[node - 1] as number, share);
  }
  below[nodes] = 1;
  return { mean, below };
}

function belowAt({ mean, below }: Residual, tokens: number): number {
  const place = Math.sqrt(tokens / (nodesReach * mean)) * nodes;
  if (place >= nodes) return 1;
  const node = Math.floor(place);
  const low = node * node;
  const part = (place * place - low) / (2 * node + 1);
  return (below[node] as number) * (1 - part) + (below[node + 1] as number) * part;
}

/** Waits for the prompts ahead on a grid: share of arrivals that wait at all, and those that wait up to k steps. */
export type PrefillWait = { busy: number; stepS: number; upTo: Float64Array };

const steps = 96;
/** The grid reaches so many mean waits of those who wait. */
const reach = 7;

/**
 * Wait for the prompts ahead, M/G/1 with a service of `secondsPerToken` for each prompt token (Pollaczek and Khinchine):
 * a geometric number of residual services, w_k = busy x sum of h_j w_(k-j), h the equilibrium density of the service.
 */
export function prefillWait(residual: Residual, busy: number, secondsPerToken: number): PrefillWait {
  const stepTokens = (reach * residual.mean) / (1 - busy) / steps;
  const density = new Float64Array(steps);
  let before = 0;
  for (let step = 0; step < steps; step++) {
    const up = belowAt(residual, (step + 0.5) * stepTokens);
    density[step] = up - before;
    before = up;
  }
  const stay = 1 / (1 - busy * (density[0] as number));
  const wait = new Float64Array(steps);
  const upTo = new Float64Array(steps);
  wait[0] = (1 - busy) * stay;
  upTo[0] = wait[0] as number;
  for (let step = 1; step < steps; step++) {
    let sum = 0;
    for (let back = 1; back <= step; back++) sum += (density[back] as number) * (wait[step - back] as number);
    wait[step] = busy * sum * stay;
    upTo[step] = (upTo[step - 1] as number) + (wait[step] as number);
  }
  return { busy, stepS: stepTokens * secondsPerToken, upTo };
}

/** The wait at a rank; beyond the grid exponential. */
export function waitAt({ busy, stepS, upTo }: PrefillWait, rank: number): number {
  if (rank < 1 - busy) return 0;
  const last = upTo[steps - 1] as number;
  if (rank >= last) {
    const meanS = (steps * stepS) / reach;
    return (steps - 0.5) * stepS + meanS * Math.log((1 - last) / (1 - rank));
  }
  let low = 0;
  let high = steps - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] as number) < rank) low = middle + 1;
    else high = middle;
  }
  const from = low === 0 ? 1 - busy : (upTo[low - 1] as number);
  const part = ((rank - from) / ((upTo[low] as number) - from)) * stepS;
  return low === 0 ? part / 2 : (low - 0.5) * stepS + part;
}
