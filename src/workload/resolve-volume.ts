import type { Volume } from '../units/read-volume.js';

const secondsPerDay = 86_400;

export type VolumeContext = {
  daysPerMonth: number;
  peakMultiple: number;
  turns: number;
  requestsPerUser: number;
  /** Tokens of a mean request, in and out. */
  tokensPerRequest: number;
};

/** Mean requests a day, from however the volume was written. `at peak` is the rate of the profile's highest hour. */
export function requestsPerDay({ amount, of, per, atPeak }: Volume, context: VolumeContext): number {
  const perDay = {
    second: secondsPerDay,
    minute: secondsPerDay / 60,
    hour: 24,
    day: 1,
    week: 1 / 7,
    month: 1 / context.daysPerMonth,
  };
  const daily = amount.likely * (per === null ? 1 : perDay[per]);
  const requests = {
    requests: 1,
    tokens: 1 / context.tokensPerRequest,
    conversations: context.turns,
    users: context.requestsPerUser,
  };
  return (daily * requests[of]) / (atPeak ? context.peakMultiple : 1);
}
