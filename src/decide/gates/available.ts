import { condition, failed, type Gate, passed, unknown } from './gate.js';

/** On sale on the day of the assessment, for long enough, and licensed for the purpose. */
export const available: Gate = {
  id: 'available',
  level: 'model',
  check({ retires, license, model }, _slice, { demand }) {
    const licensed = 'a license for commercial use';
    if (retires !== null && retires <= demand.asOf) {
      return failed(() => ({
        need: 'on sale',
        have: `retired on ${retires}`,
        reason: `${model} is not on sale since ${retires}`,
      }));
    }
    if (license === 'no')
      return failed(() => ({
        need: licensed,
        have: 'non-commercial license',
        reason: `the license of ${model} forbids commercial use`,
      }));
    if (license === 'unknown')
      return unknown(() => ({ need: licensed, reason: `ask the maker of ${model} about its license` }));
    if (retires !== null && retires.slice(0, 7) < demand.endMonth) {
      return condition(() => ({
        need: 'on sale for the whole horizon',
        have: `retires on ${retires}`,
        todo: `plan a successor: ${model} retires on ${retires}`,
      }));
    }
    if (license === 'conditional')
      return condition(() => ({
        need: licensed,
        have: 'license with conditions',
        todo: `check the license conditions of ${model}`,
      }));
    return passed;
  },
};
