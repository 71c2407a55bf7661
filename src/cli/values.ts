/** Options of a command as commander gives them. */
export type Values = { readonly [option: string]: string | boolean | string[] | undefined };
