import type { SliceService } from '../../placements/placement.js';
import type { Needs, Target } from '../../scenario/demand.js';
import { failed, type Gate, passed, unknown } from './gate.js';

/** A target of a task: where it stands, what it is about, and which side of it is good. */
type LatencyTarget = {
  id: string;
  of(needs: Needs): Target | null;
  /** A latency may take long to work out: only what has a target is asked. */
  seen(service: SliceService): number | null;
  what: string;
  unit: string;
  /** Its key under `tasks.<task>.latency`. */
  key: string;
  atMost: boolean;
};

/** The rule that a target which the user wrote is met; a preset's is only scored. */
export function latencyGate({ id, of, seen, what, unit, key, atMost }: LatencyTarget): Gate {
  const asks = (needs: Needs): boolean => of(needs)?.by === 'user';
  return {
    id,
    level: 'service',
    asks: ({ needs }) => asks(needs),
    check(option, { needs, task }, _of, service) {
      const target = of(needs);
      if (target === null || !asks(needs)) return passed;
      const have = service === null ? null : seen(service);
      const need = `${what} ${atMost ? '<=' : '>='} ${target.value} ${unit}`;
      if (have === null)
        return unknown(() => ({ need, reason: `measure the ${what} of ${option.provider || option.model}` }));
      if (atMost ? have <= target.value : have >= target.value) return passed;
      const words = `${Math.round(have)} ${unit}`;
      return failed(() => ({
        need,
        have: words,
        reason: `${what} is ${words}`,
        turnsAt: { path: `tasks.${task}.latency.${key}`, value: have },
        figures: { have, need: target.value },
      }));
    },
  };
}
