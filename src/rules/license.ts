import type { Option } from '../places/option.js';
import { condition, failed, type Gate, passed, unknown } from './gate.js';

const need = 'a license for commercial use';

/** Weights of one's own may be used for the purpose; behind an API the license is its provider's to hold. */
export const license: Gate = {
  id: 'license',
  level: 'model',
  check(option) {
    const { license, model } = option;
    switch (license) {
      case 'yes':
      case 'hosted':
        return passed;
      case 'no':
        return failed(() => ({
          need,
          have: 'non-commercial license',
          reason: `the license of ${model} forbids commercial use`,
        }));
      case 'unknown':
        return unknown(() => ({ need, reason: `ask the maker of ${model} about its license` }));
      case 'conditional':
        return condition(() => ({ need, have: 'license with conditions', todos: [conditionsOf(option)] }));
    }
  },
};

/** What the license asks for, as far as the tables say. */
function conditionsOf({ model, fleet, onDevices }: Option): string {
  const row = fleet?.model ?? onDevices?.model ?? null;
  const name = row?.license ?? null;
  const license = name === null ? `the license of ${model}` : `the ${name} license of ${model}`;
  const terms = row?.licenseTerms ?? null;
  return terms === null ? `check the conditions of ${license}` : `check ${license}: ${terms}`;
}
