/**
 * The hues of the shards: whose something is, and nothing else. With many shards they repeat, so that a letter or the
 * name always stands beside them.
 */

/** So many tokens `--st-shard-…` there are (style/tokens.css). */
export const HUES = 7;

export function hueOf(shard: number): number {
  return shard % HUES;
}

/** How the shards are named: by the letters of the alphabet, then from the beginning again with a number. */
const LETTERS = 26;

/** «A» for alpha, «B2» for bravo-2. */
export function letterOf(shard: number): string {
  const round = Math.floor(shard / LETTERS);
  const letter = String.fromCodePoint(65 + (shard % LETTERS));
  return round === 0 ? letter : `${letter}${round + 1}`;
}
