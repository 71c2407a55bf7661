import { describe, expect, test } from 'vitest';
import { layersSpread, oneCard, type Parallel, parallelInNote, readParallel } from '../../src/capacity/measurement.js';

describe('the division a note states', () => {
  test.for<[string, number, Partial<Parallel>]>([
    ['par=layer-split; llama.cpp main; mean speed of generating 1024 tokens', 4, layersSpread],
    ['par=pp8; offline maximum load, batch set by the engine (KV-limited)', 8, { pipeline: 8 }],
    ['par=pp4; offline maximum load', 4, { pipeline: 4 }],
    ['par=pp2; offline maximum load', 2, { pipeline: 2 }],
    ['published per GPU; par=pp2', 8, { pipeline: 2, tensor: 4 }],
    ['par=dep4; published per GPU', 4, { data: 4, expert: 4, dataAttention: true }],
    ['par=dep8; published per GPU', 8, { data: 8, expert: 8, dataAttention: true }],
    ['par=dp2; closed loop', 8, { data: 2, tensor: 4 }],
    ['par=tp8', 8, { tensor: 8 }],
    ['par=tep8', 8, { tensor: 8, expert: 8 }],
    ['par=tp4pp2', 8, { tensor: 4, pipeline: 2 }],
    ['par=tp4+dp2, closed loop', 8, { tensor: 4, data: 2 }],
    ['par=tp8dp8', 8, { tensor: 8, dataAttention: true }],
    ['real lengths are 0.8-1.0x the nominal; ep=4; ttft_p99=1744', 4, { tensor: 4, expert: 4 }],
    ['ep=1; dp attention; ttft_p99=220', 4, { tensor: 4, dataAttention: true }],
    ['ep=8; dp attention', 8, { tensor: 8, expert: 8, dataAttention: true }],
    ['par=dep4; dp attention; ep=2', 4, { data: 4, expert: 4, dataAttention: true }],
    ['par=pp2; ep=4', 8, { pipeline: 2, tensor: 4, expert: 4 }],
    ['row-split of that time; PCIe only', 4, { tensor: 4 }],
  ])('%s on %i', ([note, count, parallel]) => {
    expect(parallelInNote(note, count)).toEqual({ parallel: { ...oneCard, ...parallel }, faults: [] });
  });

  test.for(['', 'closed loop', 'ep=1; run 20786863188', 'step=4; deep=8; 2 cores per chip', 'apart=pp2'])(
    'none in "%s"',
    (note) => {
      expect(parallelInNote(note, 8)).toEqual({ parallel: null, faults: [] });
    },
  );
});

test('a division of another number of cards, or one that is none, is said', () => {
  expect(readParallel('pp8', 4).faults).toEqual(['"pp8" is for 8 accelerators, not for 4']);
  expect(readParallel('tp4dp4', 8).faults).toEqual(['"tp4dp4" is for 16 accelerators, not for 8']);
  for (const written of ['sharded', 'tp', 'tp0', 'tp4zz', 'pp', '8'])
    expect(readParallel(written, 8)).toMatchObject({ parallel: null, faults: [expect.stringContaining(written)] });
});
