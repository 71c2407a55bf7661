/** What messages and results call a file: `-` is where to read, no name. */
export const shownName = (file: string): string => (file === '-' ? '<stdin>' : file);
