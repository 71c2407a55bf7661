import type { Tables } from '../tables/tables.js';
import { shareTolerance } from '../workload/resolve-profile.js';
import type { Devices, Workload } from '../workload/workload.js';
import type { DeviceGroup, Option } from './option.js';

/** The groups that a model may be made for, smallest first: the classes with at least so much memory, unless that is every device. */
export function deviceGroups({ devices }: Pick<Workload, 'devices'>, { acceleratorOf }: Tables): DeviceGroup[] {
  if (devices === null) return [];
  const memoryOf = (name: string) => acceleratorOf.get(name)?.memoryGib ?? 0;
  const sizes = [...new Set(devices.classes.map(({ accelerator }) => memoryOf(accelerator)))].sort((a, b) => b - a);
  return sizes.flatMap((size) => {
    const classes = devices.classes.filter(({ accelerator }) => memoryOf(accelerator) >= size);
    const share = classes.reduce((sum, one) => sum + one.share, 0);
    if (share === 0 || share >= 1 - shareTolerance) return [];
    return [
      {
        name: `${Math.round(size)}gb-up`,
        share,
        count: devices.count * share,
        classes: classes.map((one) => ({ ...one, share: one.share / share })),
      },
    ];
  });
}

/** The devices an option runs on: its group, else all. */
export const devicesOf = ({ deviceGroup }: Pick<Option, 'deviceGroup'>, { devices }: Workload): Devices | null =>
  deviceGroup ?? devices;
