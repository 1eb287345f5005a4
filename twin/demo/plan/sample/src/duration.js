const UNITS = { h: 3600, m: 60, s: 1 };

/**
 * The seconds in a duration like `1h30m`, `90s` or `2h`.
 *
 * @param {string} text
 * @returns {number}
 * @throws {RangeError} if the text is anything else
 */
export function parseDuration(text) {
  if (!/^(\d+[hms])+$/.test(text)) throw new RangeError(`"${text}" is no duration`);
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (seconds, [, amount, unit]) => seconds + Number(amount) * UNITS[unit],
    0,
  );
}
