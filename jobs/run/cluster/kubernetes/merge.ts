type Json = Record<string, unknown>;

/**
 * `over` merged over `base`, as the chart's pod template is over ours: objects key by key; lists of things that have a
 * mount path or a name by that, other lists one after the other; null takes away.
 */
export function merge<T extends object>(base: T, over: object): T {
  const merged: Json = Object.fromEntries(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeValue(merged[key], value);
  }
  return merged as T;
}

function mergeValue(base: unknown, over: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(over)) return mergeLists(base, over);
  return isObject(over) ? merge(isObject(base) ? base : {}, over) : over;
}

function mergeLists(base: unknown[], over: unknown[]): unknown[] {
  const merged = [...base];
  for (const item of over) {
    const key = keyOf(item);
    const at = key === undefined ? -1 : merged.findIndex((each) => keyOf(each) === key);
    if (at < 0) merged.push(item);
    else merged[at] = mergeValue(merged[at], item);
  }
  return merged;
}

/** One volume may be mounted at several paths. */
function keyOf(item: unknown): unknown {
  return isObject(item) ? (item["mountPath"] ?? item["name"]) : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
