import { condition, failed, type Gate, passed } from './gate.js';

/** On sale on the day of the assessment, and for long enough. */
export const available: Gate = {
  id: 'available',
  level: 'model',
  check({ retires, model }, _taskPart, { workload }) {
    if (retires !== null && retires <= workload.asOf) {
      return failed(() => ({
        need: 'on sale',
        have: `retired on ${retires}`,
        reason: `${model} is not on sale since ${retires}`,
      }));
    }
    // As text a day of a month comes after the month itself.
    if (retires !== null && retires < workload.endDay) {
      return condition(() => ({
        need: 'on sale for the whole horizon',
        have: `retires on ${retires}`,
        todos: [`plan a successor: ${model} retires on ${retires}`],
        warning: {
          code: 'retires-in-horizon',
          message: `${model} retires on ${retires}, before the horizon ends: what follows it is priced as if it stayed`,
        },
      }));
    }
    return passed;
  },
};
