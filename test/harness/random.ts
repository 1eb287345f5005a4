/** Chance that can be had again by its seed. */
export interface Random {
  /** A whole number from 0 to `most`. */
  upTo(most: number): number;
  oneIn(many: number): boolean;
}

/** mulberry32, which is short and good enough for delays. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { upTo: (most) => Math.floor(next() * (most + 1)), oneIn: (many) => next() < 1 / many };
}
