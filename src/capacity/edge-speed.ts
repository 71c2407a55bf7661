/** Tokens a second of one stream that reads weights and cache for each token: bandwidth x share reached / bytes. */
export const deviceTokensPerS = (bytesPerS: number, bandwidthShare: number, weightAndCacheBytes: number): number =>
  (bytesPerS * bandwidthShare) / weightAndCacheBytes;

/** Whether weights and cache fit in the part of a device's memory that an app may take. */
export const fitsDevice = (weightAndCacheBytes: number, memoryBytes: number, usableShare: number): boolean =>
  weightAndCacheBytes <= memoryBytes * usableShare;

/** Share of requests that devices serve: eligible x opted in x capable requests x up to date; the rest falls back. */
export const deviceServedShare = (eligible: number, optedIn: number, capable: number, upToDate: number): number =>
  eligible * optedIn * capable * upToDate;
