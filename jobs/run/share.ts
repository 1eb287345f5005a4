/** An issue, and its repository: the same names for the same ones. */
interface Place {
  issue: string;
  repository: string;
}

/** An issue that would start more runs than it has room for. */
export interface Waiter extends Place {
  /** How many runs may be at work in its repository. */
  limit: number;
  /** How many more it would start. */
  wants: number;
  /** Since when, in milliseconds. */
  since: number;
}

/**
 * How many of the free slots each waiting issue gets; one that gets none isn't named. `max` is how many runs may be at work
 * in all, `atWork` has an entry for each. The slots go one by one to the issue with the fewest runs at work, of two with as
 * many to the one that has waited longest; one whose repository is at its limit is passed over.
 */
export function share(max: number, atWork: Place[], waiting: Waiter[]): Map<string, number> {
  const taken = [...atWork];
  const count = (key: keyof Place, value: string) => taken.filter((each) => each[key] === value).length;
  const given = new Map<string, number>();
  const has = (waiter: Waiter) => given.get(waiter.issue) ?? 0;
  const before = (a: Waiter, b: Waiter): number =>
    count("issue", a.issue) - count("issue", b.issue) || a.since - b.since || (a.issue < b.issue ? -1 : 1);
  while (taken.length < max) {
    const [next] = waiting
      .filter((each) => has(each) < each.wants && count("repository", each.repository) < each.limit)
      .sort(before);
    if (!next) break;
    given.set(next.issue, has(next) + 1);
    taken.push(next);
  }
  return given;
}
