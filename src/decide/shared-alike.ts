/** Settings that move volume or a budget alone: what does not depend on these is shared by decisions that differ in them. */
const movesVolume = /^(?:workload\.volume|budget\.[^=]+)(?:=|$)/;

/** Whether decisions that differ in a path, or in a `path=value`, and in nothing else, share what takes long to make. */
export const sharesAll = (pathOrSetting: string): boolean => movesVolume.test(pathOrSetting);
