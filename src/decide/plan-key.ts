/** A plan by what serves what: its id with the tasks in one order, as a scenario may list them in another. */
export const planKey = (id: string): string => id.split(';').sort().join(';');
