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
  const [issues, repositories, given] = [new Tally(), new Tally(), new Tally()];
  const take = ({ issue, repository }: Place) => {
    issues.add(issue);
    repositories.add(repository);
  };
  const before = (a: Waiter, b: Waiter): boolean =>
    (issues.of(a.issue) - issues.of(b.issue) || a.since - b.since || (a.issue < b.issue ? -1 : 1)) < 0;
  for (const run of atWork) take(run);
  for (let free = max - atWork.length; free > 0; free--) {
    let next: Waiter | null = null;
    for (const each of waiting) {
      if (given.of(each.issue) >= each.wants || repositories.of(each.repository) >= each.limit) continue;
      if (!next || before(each, next)) next = each;
    }
    if (!next) break;
    given.add(next.issue);
    take(next);
  }
  return given.counts;
}

/** How often each name was added. */
class Tally {
  readonly counts = new Map<string, number>();

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  add(name: string): void {
    this.counts.set(name, this.of(name) + 1);
  }
}
