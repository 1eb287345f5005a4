/** Has at most `most` of what it is given done at once; the others wait, and come in their order. */
export function atMost(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (act) => {
    if (busy < most) busy++;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy--;
    }
  };
}
