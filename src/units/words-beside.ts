/** A figure with so many places, or with more where it is asked for. */
export const fixedWords =
  (least: number) =>
  (figure: number, places: number = least): string =>
    figure.toFixed(places);

/** A figure with as many places as tell it from a limit that it is not at: $8,000 are not more than $8,000. */
export const wordsBeside = (
  limit: number,
  figure: number,
  wordsOf: (figure: number, places?: number) => string,
): [figure: string, limit: string] => {
  const ways = [undefined, 2, 3, 4, 5, 6, 7, 8, 9].map((places): [string, string] => [
    wordsOf(figure, places),
    wordsOf(limit, places),
  ]);
  const differ = ([one, other]: [string, string]): boolean => numberIn(one) !== numberIn(other);
  return ways.find((way) => figure === limit || differ(way)) ?? (ways[0] as [string, string]);
};

/** What is read of a figure: zeros at its end make none another. */
const numberIn = (words: string): number => Number(words.replace(/[^\d.-]/g, ''));
