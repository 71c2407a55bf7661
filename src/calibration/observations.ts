import type { Metric } from '../capacity/bands.js';
import type { Measurement } from '../capacity/measurement.js';
import type { Prediction } from '../capacity/run.js';
import type { RunOf } from '../capacity/run-of.js';

/** What each metric says, for people. */
export const metricTitles: { readonly [Name in Metric]: string } = {
  system: 'system throughput, output tokens/s',
  single: 'single stream, tokens/s',
  tpot: 'TPOT, closed loop',
  tpotOpen: 'TPOT, open loop',
  ttft: 'TTFT, low load',
  prefill: 'prefill, tokens/s',
};

export type Observation = { metric: Metric; value: number };

const msPerS = 1000;
/** With more requests in flight than this, TTFT is more queueing than computing. */
const lowLoad = 8;

/** What of a measurement can be compared with a prediction. Seconds and tokens a second. */
export function observationsOf(measured: Measurement, { run }: RunOf): Observation[] {
  const { outputTokensPerS, prefillTokensPerS, ttftMsP50, tpotMsP50, outputTokens } = measured;
  const { arrivals } = run;
  const found: Observation[] = [];
  const note = (metric: Metric, value: number | null) => {
    if (value !== null && value > 0) found.push({ metric, value });
  };
  const one = measured.concurrency === 1 && arrivals.is !== 'open';
  if (outputTokens > 0) note(one ? 'single' : 'system', outputTokensPerS);
  note('prefill', prefillTokensPerS);
  const tpotS = tpotMsP50 === null ? null : tpotMsP50 / msPerS;
  const ttftS = ttftMsP50 === null ? null : ttftMsP50 / msPerS;
  if (arrivals.is === 'open') note('tpotOpen', tpotS);
  else if (arrivals.is !== 'backlog' && !one) note('tpot', tpotS);
  const inFlight =
    arrivals.is === 'open' ? arrivals.ratePerS * ((ttftS ?? 0) + outputTokens * (tpotS ?? 0)) : measured.concurrency;
  if (arrivals.is !== 'backlog' && inFlight !== null && inFlight <= lowLoad) note('ttft', ttftS);
  return found;
}

/** The same quantity of a prediction; null where it makes no claim. */
export function predictedOf(metric: Metric, prediction: Prediction, { rateCovers, run }: RunOf): number | null {
  switch (metric) {
    case 'system':
    case 'single':
      // Prefill and decode measured apart: the rate is of decode alone.
      return rateCovers === 'decode' ? prediction.decodeTokensPerS : prediction.outputTokensPerS;
    case 'prefill':
      return prediction.prefillTokensPerS;
    case 'ttft':
      return prediction.ttftS;
    case 'tpot':
    case 'tpotOpen':
      return run.tokens.output > 0 ? prediction.tpotS : null;
  }
}
