/** A figure with so many places, or with more where it is asked for. */
export const fixedWords =
  (least: number) =>
  (figure: number, places: number = least): string =>
    figure.toFixed(places);

type Words = (figure: number, places?: number) => string;

/** A figure with as many places as tell it from a limit that it is not at: $8,000 are not more than $8,000. */
export const wordsBeside = (limit: number, figure: number, wordsOf: Words): [figure: string, limit: string] =>
  allBeside([figure, limit], limit, wordsOf) as [string, string];

/** Figures with so many places, the same of all, as tell each from a limit that it is not at. */
export function allBeside(figures: readonly number[], limit: number, wordsOf: Words): string[] {
  const tells = (places: number | undefined): boolean => {
    const told = numberIn(wordsOf(limit, places));
    return figures.every((figure) => figure === limit || numberIn(wordsOf(figure, places)) !== told);
  };
  const places = [undefined, 2, 3, 4, 5, 6, 7, 8, 9].find(tells);
  return figures.map((figure) => wordsOf(figure, places));
}

/** What is read of a figure: zeros at its end make none another. */
const numberIn = (words: string): number => Number(words.replace(/[^\d.-]/g, ''));
