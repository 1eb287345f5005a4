/** Runs what is given for one key one after another, in the order in which it came. */
export type Turns<K> = <T>(key: K, act: () => Promise<T>) => Promise<T>;

export function turns<K>(): Turns<K> {
  const last = new Map<K, Promise<unknown>>();
  return async (key, act) => {
    const before = last.get(key);
    const turn = (async () => {
      // How the one before ended is told to whoever asked for it.
      await before?.catch(() => {});
      return act();
    })();
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
