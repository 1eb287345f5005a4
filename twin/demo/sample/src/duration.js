const UNITS = { h: 3600, m: 60, s: 1 };

/**
 * The seconds in a duration like `1h30m`, `90s` or `2h`.
 *
 * @param {string} text
 * @returns {number}
 */
export function parseDuration(text) {
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d)([hms])/g)) {
    seconds += Number(amount) * UNITS[unit];
  }
  return seconds;
}
