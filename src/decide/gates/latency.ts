import { failed, type Gate, passed, unknown } from './gate.js';

/** The targets that the user wrote are met; a preset's targets are only scored. */
export const latency: Gate = {
  id: 'latency',
  level: 'service',
  check(option, { needs, task }, _of, service) {
    const { ttftP95Ms, tokensPerSecond, totalP95Ms } = needs;
    // A latency may take long to work out: only what has a target is asked.
    const checks = [
      {
        target: ttftP95Ms,
        seen: () => service?.ttftP95Ms ?? null,
        what: 'first token (p95)',
        unit: 'ms',
        key: 'ttftP95',
        atMost: true,
      },
      {
        target: tokensPerSecond,
        seen: () => service?.tokensPerSecond ?? null,
        what: 'speed',
        unit: 'tokens/s',
        key: 'tokensPerSecond',
        atMost: false,
      },
      {
        target: totalP95Ms,
        seen: () => service?.totalP95Ms ?? null,
        what: 'whole answer (p95)',
        unit: 'ms',
        key: 'totalP95',
        atMost: true,
      },
    ];
    for (const { target, seen, what, unit, key, atMost } of checks) {
      if (target === null || target.by !== 'user') continue;
      const have = seen();
      const need = `${what} ${atMost ? '<=' : '>='} ${target.value} ${unit}`;
      if (have === null)
        return unknown(() => ({ need, reason: `measure the ${what} of ${option.provider || option.model}` }));
      if (atMost ? have > target.value : have < target.value) {
        const rounded = Math.round(have);
        const turnsAt = { path: `tasks.${task}.latency.${key}`, value: have };
        return failed(() => ({ need, have: `${rounded} ${unit}`, reason: `${what} is ${rounded} ${unit}`, turnsAt }));
      }
    }
    return passed;
  },
};
