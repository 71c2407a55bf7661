/** A text with a capital at its beginning. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The same with a full stop. */
export const sentence = (text: string): string => `${capital(text)}.`;
