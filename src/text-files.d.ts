/** Tables of words that are part of the program: bundled as their text. */
declare module '*.tsv' {
  const text: string;
  export default text;
}
