import type { Server, Traffic } from '../../src/capacity/queue/model.js';

/** A serving machine in plain numbers: what the simulation reads, and what the step times of the model are made from. */
export type Machine = {
  fixedS: number;
  sequenceS: number;
  /**
   * Weights every token reads, and experts of which m tokens that choose apart touch a share 1 - untouched^m; n sequences
   * that decode together choose alike, as n^diversity such tokens.
   */
  sharedS: number;
  expertsS: number;
  untouched: number;
  diversity: number;
  decodeS: number;
  prefillS: number;
  linkS: number;
  /** Attention of a prompt of n tokens: n^2 x this. */
  attentionS: number;
  cacheS: number;
  chunkTokens: number;
  maxSequences: number;
  /** Room for tokens, and so many of them that each sequence takes whatever its length. */
  roomTokens: number;
  stateTokens: number;
};

/** Capped lognormal lengths: mean before the cap, sd of the log. */
export type Mix = {
  inputMean: number;
  inputSigma: number;
  inputMax: number;
  outputMean: number;
  outputSigma: number;
  outputMax: number;
  hitTokens: number;
};

const plain = { sequenceS: 0, expertsS: 0, untouched: 0, diversity: 1, linkS: 0, stateTokens: 0 };

export const machines = {
  /** 70 thousand million parameters on four large cards: room to spare. */
  four: {
    ...plain,
    fixedS: 4e-3,
    sharedS: 12e-3,
    decodeS: 30e-6,
    prefillS: 35e-6,
    attentionS: 4e-10,
    cacheS: 60e-9,
    chunkTokens: 2048,
    maxSequences: 256,
    roomTokens: 400_000,
  },
  /** 8 thousand million on one small card: its memory is the limit. */
  small: {
    ...plain,
    fixedS: 3e-3,
    sequenceS: 20e-6,
    sharedS: 30e-3,
    decodeS: 90e-6,
    prefillS: 110e-6,
    attentionS: 1.5e-9,
    cacheS: 450e-9,
    chunkTokens: 2048,
    maxSequences: 256,
    roomTokens: 30_000,
  },
  /** 8 thousand million on one large card, large chunks. */
  large: {
    ...plain,
    fixedS: 3e-3,
    sequenceS: 10e-6,
    sharedS: 6e-3,
    decodeS: 22e-6,
    prefillS: 26e-6,
    attentionS: 3e-10,
    cacheS: 45e-9,
    chunkTokens: 8192,
    maxSequences: 256,
    roomTokens: 440_000,
  },
  /** A mixture of experts on eight cards with a link to pay for, small chunks. */
  experts: {
    ...plain,
    fixedS: 6e-3,
    sequenceS: 10e-6,
    sharedS: 2e-3,
    expertsS: 22e-3,
    untouched: 31 / 32,
    diversity: 0.5,
    decodeS: 10e-6,
    prefillS: 14e-6,
    linkS: 4e-6,
    attentionS: 2e-10,
    cacheS: 25e-9,
    chunkTokens: 1024,
    maxSequences: 128,
    roomTokens: 900_000,
  },
  /** 9 thousand million on one small card, few layers of which attend: what a sequence keeps is mostly state. */
  hybrid: {
    ...plain,
    fixedS: 3e-3,
    sequenceS: 20e-6,
    sharedS: 32e-3,
    decodeS: 100e-6,
    prefillS: 120e-6,
    attentionS: 2e-10,
    cacheS: 30e-9,
    chunkTokens: 2048,
    maxSequences: 256,
    roomTokens: 160_000,
    stateTokens: 4400,
  },
} satisfies Record<string, Machine>;

const mix = (inputMean: number, inputSigma: number, outputMean: number, outputSigma: number, hitTokens = 0): Mix => ({
  inputMean,
  inputSigma,
  inputMax: 16_000,
  outputMean,
  outputSigma,
  outputMax: 4000,
  hitTokens,
});

export const mixes = {
  chat: mix(500, 0.9, 250, 0.8),
  documents: mix(3000, 0.7, 200, 0.7),
  writing: mix(200, 0.8, 700, 0.6),
  retrieval: mix(2000, 0.5, 350, 0.9),
  prefix: mix(2500, 0.4, 150, 0.8, 1800),
  labels: mix(900, 0.8, 8, 0.5),
} satisfies Record<string, Mix>;

/** Room in tokens, each sequence taking `own` of them and its tokens. */
export const roomFor = (tokens: number, own = 0): Pick<Server, 'cacheBytes' | 'sequence'> => ({
  cacheBytes: tokens,
  sequence: { own, perToken: 1, perWindowToken: 0, windowTokens: 0 },
});

export const serverOf = (machine: Machine): Server => ({
  times: {
    fixedS: machine.fixedS,
    sequenceS: machine.sequenceS,
    weightsS:
      machine.expertsS === 0
        ? () => machine.sharedS
        : (decoding, prompt = 0) =>
            machine.sharedS + machine.expertsS * (1 - machine.untouched ** (decoding ** machine.diversity + prompt)),
    decodeS: machine.decodeS,
    prefillS: machine.prefillS,
    linkS: machine.linkS,
    attentionS: (tokens) => machine.attentionS * tokens * tokens,
    cacheS: (tokens) => machine.cacheS * tokens,
  },
  chunkTokens: machine.chunkTokens,
  maxSequences: machine.maxSequences,
  ...roomFor(machine.roomTokens, machine.stateTokens),
});

export const trafficOf = (of: Mix): Traffic => ({
  input: { mean: of.inputMean, sigma: of.inputSigma, max: of.inputMax },
  output: { mean: of.outputMean, sigma: of.outputSigma, max: of.outputMax },
  hitTokens: of.hitTokens,
});
