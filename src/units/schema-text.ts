import * as z from './lazy-zod.js';

const maxListItems = 1000;

/** One line of text, without control characters. */
export const line = (longest: number) =>
  z
    .string()
    .nonempty('is empty')
    .max(longest, `is longer than ${longest} characters`)
    .regex(/^\P{Cc}*$/u, 'has control characters, such as a line break');

/** A name in the tables, or another short token. */
export const token = line(200);
export const list = <Item>(item: z.Schema<Item>) =>
  z.array(item).max(maxListItems, `has more than ${maxListItems} entries`);
export const strings = list(token);

/** For maps with free keys. */
export const fewEntries = (map: object) => Object.keys(map).length <= maxListItems;
export const fewProperties = { maxProperties: maxListItems };
export const tooManyEntries = `has more than ${maxListItems} entries`;
/** A region as providers.csv has it, in small letters; `eu` is another name for `eea`. */
export const regionToken = token.transform((region) => region.toLowerCase().replace(/^(no:)?eu(\??)$/, '$1eea$2'));
