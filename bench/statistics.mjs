/** @param {readonly number[]} values */
export const median = (values) => percentile(values, 50);

/**
 * The nearest rank: a value that was measured.
 * @param {readonly number[]} values
 * @param {number} percent
 */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}
