/** Shells that can be told how to complete the command line. */
export const shells = ['bash', 'zsh', 'fish'] as const;
