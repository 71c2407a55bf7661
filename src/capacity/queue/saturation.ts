import { bytesAt } from '../memory.js';
import { extraS, freeTokens, fullStepS, meanExtra, sharedIterations, stepS } from './iteration.js';
import { type CacheUse, type Demand, demandOf, promptOf, type Server, type Traffic } from './model.js';

/** Limits of a server: requests a second with an endless backlog, and sequences in flight. */
export type Saturation = { ratePerS: number; sequences: number; lostPlaces: number };

/** Share of the cache that engines keep free for sequences that grow. */
export const cacheInUse = 0.99;

/**
 * Sequences in flight within the limit and the cache; 0: none. The prompt at the head of the queue keeps half of its
 * (size-weighted) bytes free on average.
 */
export function sequencesHeld({ maxSequences, cacheBytes, sequence, chunkTokens }: Server, demand: Demand): number {
  const room = cacheInUse * cacheBytes;
  if (room < bytesAt(sequence, demand.meanInput + demand.meanOutput) || maxSequences < 1) return 0;
  const prompt = promptBytes(demand);
  const held = (room - prompt.square / prompt.mean / 2) / demand.cache.inFlight;
  return Math.max(1, Math.min(maxSequences, chunkTokens, held));
}

/** Bytes of prompts: mean and mean square. */
const promptBytes = ({ meanInput, inputSquare, cache: { own, perToken } }: Demand) => ({
  mean: own + perToken * meanInput,
  square: own ** 2 + 2 * own * perToken * meanInput + perToken ** 2 * inputSquare,
});

/** Iterations of a request: of its prompt, the last with the first token, and one per further token. */
export type Visits = { prefill: number; decode: number };
export const visits = (server: Server, demand: Demand, decodes: number): Visits => ({
  prefill: Math.max(1, demand.meanFresh / freeTokens(server, decodes)),
  decode: demand.meanOutput - 1,
});

/**
 * Seconds of a server to complete as many requests as it has in service, `inFlight`, so inFlight / busyS a second: each
 * sees its iterations, and the prompts of all.
 */
export function busyS(server: Server, demand: Demand, inFlight: number, share: number): number {
  const { prefill, decode } = visits(server, demand, inFlight);
  const decodes = (inFlight * decode) / (decode + prefill);
  const extra = meanExtra(server, demand, decodes, share, (decode + prefill) / inFlight).mean;
  return (decode + prefill) * stepS(server, demand, decodes) + inFlight * extra;
}

/** Mean times a request loses its place in a full cache, and tokens recomputed then. */
type LostPlaces = { times: number; tokens: number };

/**
 * Between two completions answers grow by a mean answer in all (memoryless). A prompt enters once it fits without the
 * part kept free, so the spare room is that part and a share of a prompt; growth beyond it evicts the youngest
 * sequence, again for each length of one. The more often, the older those are.
 */
function lostPlaces({ cacheBytes }: Server, { meanInput, meanOutput, cache }: Demand): LostPlaces {
  const answer = cache.perToken * meanOutput;
  const ratio = bytesOf(cache, meanInput) / answer;
  const beyond = Math.exp((-(1 - cacheInUse) * cacheBytes) / answer) * (-Math.expm1(-ratio) / ratio);
  let times = 0;
  let tokens = meanInput;
  for (let round = 0; round < 3; round++) {
    times = beyond / -Math.expm1(-bytesOf(cache, tokens) / answer);
    tokens = meanInput + (meanOutput / 2) * (times / (1 + times));
  }
  return { times, tokens };
}

const bytesOf = ({ own, perToken }: CacheUse, tokens: number): number => own + perToken * tokens;

export function saturation(server: Server, demand: Demand): Saturation {
  const sequences = sequencesHeld(server, demand);
  if (sequences === 0) return { ratePerS: 0, sequences, lostPlaces: 0 };
  const { prefill, decode } = visits(server, demand, sequences);
  const roomBinds = sequences < server.maxSequences && sequences < server.chunkTokens;
  // Others wait behind a long prompt without room: prompts then come in groups.
  const group = roomBinds ? demand.inputSquare / demand.meanInput ** 2 : 1;
  const share = sharedIterations(sequences / (decode + prefill) / group) / group;
  let busy = busyS(server, demand, sequences, share);
  const lost = roomBinds ? lostPlaces(server, demand) : { times: 0, tokens: 0 };
  if (lost.times > 0) {
    const prompt = promptOf(server.times, lost.tokens, demand.hitTokens);
    const iterations = Math.max(share, prompt.tokens / server.chunkTokens);
    busy += sequences * lost.times * extraS(server, sequences, prompt, iterations);
  }
  const rate = sequences / busy;
  // With chunks always full, decode takes its share of the tokens.
  const perChunk = server.chunkTokens / (demand.meanFresh + decode);
  const full = perChunk / fullStepS(server, demand, perChunk * decode);
  return { ratePerS: Math.min(rate, full), sequences, lostPlaces: lost.times };
}

/** Requests a second of one server with an endless backlog; 0: not one request fits. */
export const saturationRate = (server: Server, traffic: Traffic): number =>
  saturation(server, demandOf(server, traffic)).ratePerS;
