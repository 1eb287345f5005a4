/** A time of the API's: the client gives a Date where it listed, and text where it watched. */
export function timeOf(value: Date | string | undefined): Date | null {
  if (value === undefined) return null;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? null : time;
}
