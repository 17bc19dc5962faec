// One table: what was measured, what must hold, what is aimed for, and whether it does.

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {number | undefined} value Undefined where it could not be measured here.
 * @property {string} [unit]
 * @property {number} [must] Absent where only an aim is set.
 * @property {number} aim
 * @property {'at least' | 'at most'} bound
 */

/** @param {readonly Row[]} rows */
export function printTable(rows) {
  const cells = rows.map(({ what, value, unit = "", must, aim, bound }) => {
    const sign = bound === "at least" ? "≥" : "≤";
    const text = (/** @type {number} */ number) => `${rounded(number)}${unit === "" ? "" : ` ${unit}`}`;
    return [
      what,
      value === undefined ? "–" : text(value),
      must === undefined ? "–" : `${sign} ${text(must)}`,
      `${sign} ${text(aim)}`,
      verdict({ value, must, aim, bound }),
    ];
  });
  const lines = [["what", "measured", "must hold", "aim for", "verdict"], ...cells];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of lines) console.log(line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}

/** @param {{ value: number | undefined, must: number | undefined, aim: number, bound: Row['bound'] }} row */
function verdict({ value, must, aim, bound }) {
  if (value === undefined) return "not measured";
  const meets = (/** @type {number} */ limit) => (bound === "at least" ? value >= limit : value <= limit);
  if (meets(aim)) return "✓ aim";
  if (must === undefined) return "– short of aim";
  return meets(must) ? "✓ holds" : "✗ fails";
}

/** @param {number} number */
function rounded(number) {
  return Math.abs(number) >= 100 ? number.toFixed(0) : Number(number.toPrecision(3)).toString();
}
