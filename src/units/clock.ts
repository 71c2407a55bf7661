export const msPerSecond = 1000;
export const secondsPerMinute = 60;
export const secondsPerHour = 3600;
export const secondsPerDay = 86_400;
export const minutesPerHour = 60;
export const minutesPerDay = 1440;
export const hoursPerDay = 24;
export const hoursPerWeek = 168;
export const daysPerYear = 365;
export const monthsPerYear = 12;
/** Of a mean month. */
export const daysPerMonth = daysPerYear / monthsPerYear;
