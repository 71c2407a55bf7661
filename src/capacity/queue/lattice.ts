import { normalQuantile } from './normal.js';

/** A lattice rule: point i has rank (i x generator^j mod size) / size in dimension j, so each dimension is evenly filled. */
type Rule = { size: number; generator: number };

/** Good generators by the worst-case error P2 of a rule in five dimensions (Korobov; Sloan and Joe 1994). */
const ofRequests: Rule = { size: 509, generator: 91 };
const ofBatch: Rule = { size: 343, generator: 88 };
const ofRareBatch: Rule = { size: 83, generator: 16 };

/** Points of the lattice all percentiles are read from. */
export const points = ofRequests.size;

function ranks({ size, generator }: Rule, dimension: number): Float64Array {
  let step = 1;
  for (let power = 0; power < dimension; power++) step = (step * generator) % size;
  return Float64Array.from({ length: size }, (_, each) => (((each * step) % size) + 0.5) / size);
}

/** Prompts that arrive while a batch has some size: equally likely, with their ranks among all in independent respects. */
export type Arrivals = {
  /** Size of the batch: standard deviations from its mean. */
  batchZ: number;
  count: number;
  promptZ: Float64Array;
  beforeRank: Float64Array;
  beforeZ: Float64Array;
  afterRank: Float64Array;
  afterZ: Float64Array;
  elapsedRank: Float64Array;
};

const arrivals = (rule: Rule, batchZ: number): Arrivals => ({
  batchZ,
  count: rule.size,
  promptZ: ranks(rule, 1).map(normalQuantile),
  beforeRank: ranks(rule, 2),
  beforeZ: ranks(rule, 2).map(normalQuantile),
  afterRank: ranks(rule, 3),
  afterZ: ranks(rule, 3).map(normalQuantile),
  elapsedRank: ranks(rule, 4),
});

/** Requests that take their turn in the order of their time to first token: equally likely, ranks as above. */
export type Lattice = {
  /** By the three-point rule for a normal: a usual batch, and a small and a large one. */
  arrivals: readonly Arrivals[];
  outputZ: Float64Array;
  batchZ: Float64Array;
  interferenceRank: Float64Array;
  interferenceZ: Float64Array;
  admissionRank: Float64Array;
};

let made: Lattice | null = null;

/** The fixed points that stand for all requests: they keep every prediction a pure function of what it is asked. */
export function lattice(): Lattice {
  if (made === null) {
    const far = Math.sqrt(points / ofRareBatch.size / 2);
    made = {
      arrivals: [arrivals(ofRareBatch, -far), arrivals(ofBatch, 0), arrivals(ofRareBatch, far)],
      outputZ: ranks(ofRequests, 1).map(normalQuantile),
      interferenceRank: ranks(ofRequests, 2),
      interferenceZ: ranks(ofRequests, 2).map(normalQuantile),
      admissionRank: ranks(ofRequests, 3),
      batchZ: ranks(ofRequests, 4).map(normalQuantile),
    };
  }
  return made;
}
