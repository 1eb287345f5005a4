const UNITS = { h: 3600, m: 60, s: 1 };

/**
 * The duration as `parseDuration` reads it.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function printDuration(seconds) {
  let left = seconds;
  let text = "";
  for (const [unit, size] of Object.entries(UNITS)) {
    const amount = Math.floor(left / size);
    if (amount > 0) text += `${amount}${unit}`;
    left -= amount * size;
  }
  return text || "0s";
}
