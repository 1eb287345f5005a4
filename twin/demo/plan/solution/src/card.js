import { printDuration } from "./print.js";
import { teas } from "./teas.js";

/**
 * How a tea is brewed, in a line.
 *
 * @param {string} name
 * @returns {string}
 * @throws {RangeError} if there is no such tea
 */
export function brewCard(name) {
  if (!Object.hasOwn(teas, name)) throw new RangeError(`there is no tea "${name}"`);
  const { seconds, celsius } = teas[name];
  return `${name}: ${printDuration(seconds)} at ${celsius} °C`;
}
