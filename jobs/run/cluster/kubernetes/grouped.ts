/** Things by their own uid, and together by that of what they belong to. */
export class Grouped<T> {
  readonly #owners = new Map<string, string>();
  readonly #groups = new Map<string, Map<string, T>>();

  get(uid: string): T | undefined {
    return this.#groups.get(this.#owners.get(uid) ?? "")?.get(uid);
  }

  /** Those that belong to `owner`, in the order in which they came. */
  of(owner: string): T[] {
    return [...(this.#groups.get(owner)?.values() ?? [])];
  }

  all(): T[] {
    return [...this.#groups.values()].flatMap((group) => [...group.values()]);
  }

  set(uid: string, owner: string, thing: T): void {
    if (this.#owners.get(uid) !== owner) this.delete(uid);
    const group = this.#groups.get(owner) ?? new Map<string, T>();
    this.#owners.set(uid, owner);
    this.#groups.set(owner, group.set(uid, thing));
  }

  delete(uid: string): void {
    const owner = this.#owners.get(uid);
    if (owner === undefined) return;
    this.#owners.delete(uid);
    const group = this.#groups.get(owner);
    group?.delete(uid);
    if (group?.size === 0) this.#groups.delete(owner);
  }
}
