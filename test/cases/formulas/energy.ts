import { type Formula, hourNames, hoursUsed } from '../formula.js';
import type { Inputs } from '../inputs.js';
import {
  averageWatts,
  batteryShare,
  carbonKg,
  deviceJoulesPerToken,
  energyUsd,
  facilityKwh,
  joulesOf,
  joulesPerKwh,
  joulesPerToken,
  queryJoules,
  tokensPerBattery,
} from '../textbook/energy.js';
import type { Quantity, Unit } from '../unit.js';

const wattNames = 'watts average_watts kilowatts idle_watts max_watts utilization';

/** Mean draw in watts. */
function wattsOf(inputs: Inputs): number {
  if (inputs.has('kilowatts')) return inputs.number('kilowatts') * 1000;
  if (inputs.has('idle_watts', 'max_watts'))
    return averageWatts(inputs.number('idle_watts'), inputs.number('max_watts'), inputs.number('utilization'));
  return inputs.number('watts', 'average_watts');
}

/** Electricity of machines: kWh, or what they cost. */
function electricityOf(inputs: Inputs, unit: Unit): Quantity {
  const { hours, per } = hoursUsed(inputs);
  const use = {
    kilowatts: (wattsOf(inputs) * inputs.or(1, 'gpus', 'servers')) / 1000,
    loadFactor: inputs.or(1, 'load_factor'),
    pue: inputs.or(1, 'pue'),
    hours,
  };
  if (unit.kind === 'joules')
    return { value: facilityKwh(use.kilowatts, use.loadFactor, use.pue, hours) * joulesPerKwh, kind: 'joules', ...per };
  return { value: energyUsd(use, inputs.number('usd_per_kwh', 'price_per_kwh')), kind: 'usd', ...per };
}

function queryOf(inputs: Inputs, unit: Unit): Quantity {
  const outputTokens = inputs.number('output_tokens');
  const joules = queryJoules({
    activeParameters: inputs.has('active_parameters_billion')
      ? inputs.number('active_parameters_billion') * 1e9
      : inputs.number('active_parameters'),
    outputTokens,
    peakFlopsPerS: inputs.number('gpu_peak_flops'),
    flopUtilization: inputs.or(1, 'flop_utilization'),
    wattsPerGpu: inputs.number('facility_watts_per_gpu'),
    powerShare: inputs.or(1, 'power_fraction'),
    pue: inputs.or(1, 'pue'),
  });
  return unit.tokens === null
    ? { value: joules, kind: 'joules' }
    : { value: joules / outputTokens, kind: 'joules', token: true };
}

function measuredOf(inputs: Inputs, unit: Unit): Quantity {
  const power = () => (inputs.has('kilowatts') ? wattsOf(inputs) : inputs.number('average_watts', 'watts'));
  const joules = (): number => {
    if (inputs.has('energy_kwh')) return inputs.number('energy_kwh') * joulesPerKwh;
    return inputs.has('energy_joule') ? inputs.number('energy_joule') : joulesOf(power(), inputs.number('seconds'));
  };
  if (unit.tokens !== null) {
    const perToken = inputs.has('tokens')
      ? joules() / inputs.number('tokens')
      : joulesPerToken(power(), inputs.number('tokens_per_second', 'tokens'));
    return { value: perToken, kind: 'joules', token: true };
  }
  if (inputs.has('tokens_per_second') && inputs.has('tokens'))
    return {
      value: joulesPerToken(power(), inputs.number('tokens_per_second')) * inputs.number('tokens'),
      kind: 'joules',
    };
  return { value: joules(), kind: 'joules' };
}

/** Joules of one token on a device. */
function deviceJoules(inputs: Inputs): number {
  if (inputs.has('parameters_billion'))
    return deviceJoulesPerToken(inputs.number('parameters_billion'), inputs.number('joule_per_token_per_billion'));
  if (inputs.has('joule_per_token')) return inputs.number('joule_per_token');
  if (inputs.has('watts', 'average_watts'))
    return joulesPerToken(inputs.number('watts', 'average_watts'), inputs.number('tokens_per_second'));
  return inputs.number('joule_per_token', 'parameters_billion', 'watts');
}

const wattHours = 3600;
const batteryOf = (inputs: Inputs): number =>
  inputs.has('battery_wh') ? inputs.number('battery_wh') * wattHours : inputs.number('battery_joule');

/** Tokens that the row speaks of. */
function deviceTokens(inputs: Inputs, unsaid = 1): number {
  if (inputs.has('tokens')) return inputs.number('tokens');
  for (const [name, seconds] of [
    ['seconds', 1],
    ['minutes', 60],
    ['hours', 3600],
  ] as const)
    if (inputs.has(name)) return inputs.number('tokens_per_second') * inputs.number(name) * seconds;
  return unsaid;
}

function deviceOf(inputs: Inputs, unit: Unit): Quantity {
  const each = deviceJoules(inputs);
  const battery = () => batteryOf(inputs);
  const usd = (joules: number) =>
    energyUsd(
      { kilowatts: joules / joulesPerKwh, loadFactor: 1, pue: inputs.or(1, 'pue'), hours: 1 },
      inputs.number('price_per_kwh', 'usd_per_kwh'),
    );
  switch (unit.kind) {
    case 'share': {
      if (unit.period === null) return { value: batteryShare(each, deviceTokens(inputs), battery()), kind: 'share' };
      const perSecond = batteryShare(each, inputs.number('tokens_per_second'), battery());
      return { value: perSecond, kind: 'share', period: 'second' };
    }
    case 'tokens':
      return { value: tokensPerBattery(each, battery()), kind: 'tokens' };
    case 'seconds':
      return { value: tokensPerBattery(each, battery()) / inputs.number('tokens_per_second'), kind: 'seconds' };
    case 'usd':
      if (unit.tokens !== null) return { value: usd(each), kind: 'usd', token: true };
      if (unit.period !== null)
        return { value: usd(each * inputs.number('tokens_per_second')), kind: 'usd', period: 'second' };
      // USD alone are those of 1M tokens, as such prices go.
      return { value: usd(each * deviceTokens(inputs, 1e6)), kind: 'usd' };
    default:
      return unit.tokens === null
        ? { value: each * deviceTokens(inputs), kind: 'joules' }
        : { value: each, kind: 'joules', token: true };
  }
}

export const energyFormulas: Record<string, Formula> = {
  T4: {
    title: 'electricity: kW x load factor x PUE x hours x USD/kWh',
    takes: `${wattNames} gpus servers load_factor pue usd_per_kwh price_per_kwh ${hourNames}`,
    of: electricityOf,
  },
  C1: {
    title: 'energy of one answer',
    takes:
      'active_parameters active_parameters_billion output_tokens gpu_peak_flops flop_utilization facility_watts_per_gpu ' +
      'power_fraction pue',
    of: queryOf,
  },
  C2: {
    title: 'carbon: kWh x PUE x grid + embodied',
    takes: 'kwh pue grid_kg_per_kwh embodied_kg life_hours hours_used',
    of: (inputs) => ({
      value: carbonKg(inputs.number('kwh'), inputs.or(1, 'pue'), inputs.number('grid_kg_per_kwh'), {
        kg: inputs.or(0, 'embodied_kg'),
        lifeHours: inputs.or(1, 'life_hours'),
        hoursUsed: inputs.or(0, 'hours_used'),
      }),
      kind: 'kilograms',
    }),
  },
  C3: {
    title: 'measured energy: watts x seconds, per token',
    takes: 'average_watts watts kilowatts seconds energy_joule energy_kwh tokens tokens_per_second',
    of: measuredOf,
  },
  E1: {
    title: 'energy of a token on a device',
    takes:
      'parameters_billion joule_per_token_per_billion joule_per_token watts average_watts tokens_per_second tokens ' +
      'battery_joule battery_wh seconds minutes hours price_per_kwh usd_per_kwh pue',
    of: deviceOf,
  },
};
