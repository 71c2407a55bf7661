import { monthAfter } from '../../units/month.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';

/** On sale on the day of the assessment, for long enough, and licensed for the purpose. */
export const available: Gate = {
  id: 'available',
  level: 'model',
  check(option, _slice, { demand }) {
    const { retires, license, model } = option;
    if (retires !== null && retires <= demand.asOf) return failed('on sale', `retired on ${retires}`, `${model} is not on sale since ${retires}`);
    if (license === 'no') return failed('a license for commercial use', 'non-commercial license', `the license of ${model} forbids commercial use`);
    if (license === 'unknown') return unknown('a license for commercial use', `ask the maker of ${model} about its license`);
    const end = monthAfter(demand.asOf.slice(0, 7), demand.months);
    if (retires !== null && retires.slice(0, 7) < end) return condition('on sale for the whole horizon', `retires on ${retires}`, `plan a successor: ${model} retires on ${retires}`);
    if (license === 'conditional') return condition('a license for commercial use', 'license with conditions', `check the license conditions of ${model}`);
    return passed;
  },
};
