import { teas } from "./teas.js";

/**
 * When each pot is to be started so that all are ready at the same moment: the first one now.
 *
 * @param {string[]} names
 * @returns {{ name: string, start: number }[]} in seconds, in order
 * @throws {RangeError} if there is no such tea
 */
export function timetable(names) {
  const unknown = names.find((name) => !Object.hasOwn(teas, name));
  if (unknown !== undefined) throw new RangeError(`there is no tea "${unknown}"`);
  const longest = Math.max(...names.map((name) => teas[name].seconds));
  return names
    .map((name) => ({ name, start: longest - teas[name].seconds }))
    .toSorted((a, b) => a.start - b.start);
}
