import { type ClassFit, classFits, runs } from '../places/device-fit.js';
import { shareTolerance } from '../workload/rescale-shares.js';
import { isDevelopment } from '../workload/workload.js';
import { failed, type Gate, passed, unknown } from './gate.js';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

/** A model on the users' devices runs on every one of them: nobody else serves those that cannot. How fast
 * it writes is the latency's. */
export const devices: Gate = {
  id: 'devices',
  level: 'option',
  ofMachines: true,
  check(option, taskPart, context) {
    const need = 'every device runs it';
    if (option.onDevices === null && taskPart.deviceGroup === undefined) return passed;
    if (isDevelopment(taskPart) && option.onDevices !== null)
      return failed(() => ({
        need: 'machines for developers',
        have: 'devices of users',
        reason: 'developers cannot work on the devices of users',
      }));
    if (option.onDevices === null || option.deviceGroup?.name !== taskPart.deviceGroup)
      return failed(() => ({
        need,
        have: option.deviceGroup?.name ?? 'all devices',
        reason: `${option.id} is for other devices than ${taskPart.id}`,
      }));
    if ((context.workload.devices?.classes ?? []).length === 0)
      return unknown(() => ({ need, reason: 'say what the devices are, under devices.classes' }));
    const fits = classFits(option, taskPart, context);
    const share = shareOf(fits.filter(runs));
    if (share >= 1 - shareTolerance) return passed;
    return failed(() => ({
      need,
      have: `${percent(share)} of devices`,
      reason: reasonOf(option.model, fits),
      figures: { havePercent: share * 100, unnamedPercent: (1 - shareOf(fits)) * 100 },
    }));
  },
};

const shareOf = (fits: readonly ClassFit[]): number => fits.reduce((sum, { share }) => sum + share, 0);

function reasonOf(model: string, fits: readonly ClassFit[]): string {
  const named = (list: readonly ClassFit[]) => list.map(({ accelerator }) => accelerator).join(', ');
  const without = fits.filter(({ seen }) => seen === null);
  const busy = fits.filter(({ seen, keepsUp }) => seen !== null && !keepsUp);
  const unnamed = 1 - shareOf(fits);
  return [
    ...(without.length === 0 ? [] : [`${model} does not fit on ${named(without)}`]),
    ...(busy.length === 0 ? [] : [`${model} cannot keep up with the requests on ${named(busy)}`]),
    ...(unnamed > shareTolerance ? [`${percent(unnamed)} of devices are of no class that is named`] : []),
  ].join('; ');
}
