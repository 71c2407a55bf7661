/** USD of machines rented for `hours`, with a share on top for what comes with them (disk, traffic, support). */
export const rentUsd = (machines: number, usdPerHour: number, hours: number, overheadShare: number): number =>
  machines * usdPerHour * hours * (1 + overheadShare);

/** A scaling endpoint: replicas that always run, replicas added for some hours, single replica-hours beyond. */
export type ScalingEndpoint = {
  hours: number;
  minReplicas: number;
  addedReplicas: number;
  scaledUpHours: number;
  extraReplicaHours: number;
};

/** USD of a scaling endpoint: USD/h x (hours x minimum + hours scaled up x added replicas + extra replica-hours). */
export const endpointUsd = (usdPerHour: number, endpoint: ScalingEndpoint): number =>
  usdPerHour *
  (endpoint.hours * endpoint.minReplicas +
    endpoint.scaledUpHours * endpoint.addedReplicas +
    endpoint.extraReplicaHours);

/** Reserved price over on-demand price: the share of hours above which paying for all of them is cheaper. */
export const commitmentPaysAbove = (reservedUsdPerHour: number, onDemandUsdPerHour: number): number =>
  reservedUsdPerHour / onDemandUsdPerHour;
