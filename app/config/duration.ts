import { z } from "zod";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration as people write it (`90s`, `1h30m`), from `least` to `most`, parsed to milliseconds. */
export function duration(least: string, most: string) {
  const what = `a duration from ${least} to ${most}, with its unit, like "90s" or "5m"`;
  return z
    .string(what)
    .max(20, what)
    .regex(/^(?:\d+(?:ms|s|m|h))+$/, what)
    .transform(milliseconds)
    .refine((ms) => ms >= milliseconds(least) && ms <= milliseconds(most), what);
}

function milliseconds(text: string): number {
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)]
    .map(([, count, unit]) => Number(count) * UNITS[unit as keyof typeof UNITS])
    .reduce((sum, ms) => sum + ms, 0);
}
