import type { Formula } from '../formula.js';
import type { Inputs } from '../inputs.js';
import {
  fewestSlots,
  fleetAvailability,
  meanPresent,
  meanTimeS,
  meanWaiting,
  meanWaitS,
  type SlotQueue,
  slotLoad,
  spareUnits,
  unitsOverZones,
  waitProbability,
  waitQuantileS,
  waitsLongerThan,
} from '../textbook/slots.js';
import type { Quantity, Unit } from '../unit.js';

const names =
  'arrivals_per_hour arrivals_per_second arrivals_per_minute arrivals_per_day arrivals per_seconds ' +
  'service_rate_per_hour service_rate_per_second service_rate_per_minute mean_service_s servers wait_target_s ' +
  'service_level percentile ca2 cs2 max_utilization';

/** Events a second, from a rate per period. */
function ratePerS(inputs: Inputs, noun: string, orElse: () => number): number {
  for (const [ending, seconds] of [
    ['_per_second', 1],
    ['_per_minute', 60],
    ['_per_hour', 3600],
    ['_per_day', 86_400],
  ] as const)
    if (inputs.has(noun + ending)) return inputs.number(noun + ending) / seconds;
  return orElse();
}

const arrivalsPerS = (inputs: Inputs): number =>
  ratePerS(inputs, 'arrivals', () => inputs.number('arrivals', 'arrivals_per_hour') / inputs.or(1, 'per_seconds'));
const servicePerS = (inputs: Inputs): number =>
  ratePerS(inputs, 'service_rate', () => 1 / inputs.number('mean_service_s', 'service_rate_per_hour'));

const queueOf = (inputs: Inputs): Omit<SlotQueue, 'slots'> => ({
  arrivalsPerS: arrivalsPerS(inputs),
  servicePerS: servicePerS(inputs),
  arrivalVariation: inputs.or(1, 'ca2'),
  serviceVariation: inputs.or(1, 'cs2'),
});

const share = (value: number): number => (value > 1 ? value / 100 : value);

/** Fewest servers that keep the service level, the mean wait, or the highest load: whatever the row asks for. */
function serversFor(inputs: Inputs): number {
  const target = inputs.has('wait_target_s') ? inputs.number('wait_target_s') : null;
  const level = inputs.has('service_level') ? share(inputs.number('service_level')) : null;
  const most = share(inputs.or(1, 'max_utilization'));
  const enough = (queue: SlotQueue): boolean => {
    if (slotLoad(queue) > most + 1e-12) return false;
    if (level !== null) return 1 - waitsLongerThan(queue, target ?? 0) >= level;
    return target === null || meanWaitS(queue) <= target;
  };
  const queue = queueOf(inputs);
  if (inputs.problems().length > 0) return Number.NaN;
  return fewestSlots(queue, enough) ?? Number.POSITIVE_INFINITY;
}

const mostServers = 100_000;

/** What a queue shows, by the words and the kind of the unit. */
function queueFigure(inputs: Inputs, unit: Unit, slots: number): Quantity {
  if (!(Number.isInteger(slots) && slots >= 1 && slots <= mostServers))
    inputs.problem(`\`servers\` is ${slots}: write a whole number from 1 to ${mostServers}`);
  if (inputs.problems().length > 0) return { value: Number.NaN, kind: unit.kind };
  const queue = { ...queueOf(inputs), slots };
  const text = unit.text.toLowerCase();
  const inSystem = /system|sojourn|response|total|present/.test(text);
  const ofLoad = /utili|occupan|busy|load|rho/.test(text);
  const level = inputs.or(Number.NaN, 'service_level', 'percentile');
  const target = inputs.or(Number.NaN, 'wait_target_s');
  if (unit.kind === 'seconds') {
    if (inSystem) return { value: meanTimeS(queue), kind: 'seconds' };
    const ofShare = !Number.isNaN(level) && Number.isNaN(target);
    return { value: ofShare ? waitQuantileS(queue, share(level)) : meanWaitS(queue), kind: 'seconds' };
  }
  if (unit.kind === 'share') {
    if (ofLoad) return { value: slotLoad(queue), kind: 'share' };
    if (Number.isNaN(target)) return { value: waitProbability(queue), kind: 'share' };
    const longer = waitsLongerThan(queue, target);
    return { value: />|more|longer|exceed|over/.test(text) ? longer : 1 - longer, kind: 'share' };
  }
  if (/erlang/.test(text)) return { value: slotLoad({ ...queue, slots: 1 }), kind: 'count' };
  const waiting = /wait|queue/.test(text) && !inSystem;
  return { value: waiting ? meanWaiting(queue) : meanPresent(queue), kind: 'count' };
}

const ofSlots =
  (fallback: number | null) =>
  (inputs: Inputs, unit: Unit): Quantity => {
    const isFleet =
      unit.whole || /^(servers?|agents?|replicas?|slots?|operators?|units?)\b/.test(unit.text.toLowerCase());
    if (isFleet && unit.kind === 'count' && !inputs.has('servers')) return { value: serversFor(inputs), kind: 'count' };
    const slots = fallback === null ? inputs.number('servers') : inputs.or(fallback, 'servers');
    return queueFigure(inputs, unit, slots);
  };

export const queueFormulas: Record<string, Formula> = {
  Q1: { title: 'M/M/1', takes: names, of: ofSlots(1) },
  Q2: { title: 'M/M/c (Erlang C)', takes: names, of: ofSlots(null) },
  Q3: { title: 'G/G/c (Allen-Cunneen)', takes: names, of: ofSlots(null) },
  Q5: {
    title: 'servers for a service level',
    takes: names,
    of: (inputs, unit) => {
      const fleet = unit.kind === 'count' && !/wait|queue|customer|erlang/.test(unit.text.toLowerCase());
      if (fleet) return { value: serversFor(inputs), kind: 'count' };
      return queueFigure(inputs, unit, inputs.has('servers') ? inputs.number('servers') : serversFor(inputs));
    },
  },
  Q6: {
    title: 'spares and availability',
    takes: 'needed installed unit_availability zones',
    of: (inputs, unit) => {
      const needed = inputs.number('needed');
      if (unit.kind === 'share')
        return {
          value: fleetAvailability(needed, inputs.or(needed, 'installed'), inputs.number('unit_availability')),
          kind: 'share',
        };
      const installed = inputs.has('zones')
        ? unitsOverZones(needed, inputs.number('zones'))
        : needed + spareUnits(needed);
      return { value: installed, kind: 'count' };
    },
  },
};
