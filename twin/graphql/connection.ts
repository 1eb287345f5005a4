import { Kind } from "graphql";
import type { FieldNode, FragmentDefinitionNode, GraphQLResolveInfo, SelectionNode } from "graphql";
import { refusal } from "./refusal.ts";

/** The arguments that every connection has. */
export interface PageArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

type Key = readonly (number | string)[];

/** How a list is ordered and shown. */
export interface Listing<Item> {
  /** An item's place in the order, unique. Cursors hold it, so that they outlive the item that they pointed at. */
  key: (item: Item, index: number) => Key;
  descending?: boolean;
  /** What a client sees of an item; the item itself when left out. */
  node?: (item: Item) => unknown;
  /** What an edge has beside `cursor` and `node`. */
  edge?: (item: Item) => Record<string, unknown>;
}

/** For records, oldest first. */
export const byId = { key: (item: { id: number }): Key => [item.id] };
/** For lists that only ever grow at their end, or that git makes anew each time. */
export const byPosition = { key: (_item: unknown, index: number): Key => [index] };

/** GitHub's limit: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#node-limit */
const mostPerPage = 100;

/**
 * One page of a list, as a relay connection.
 *
 * @throws GraphQLError MISSING_PAGINATION_BOUNDARIES, EXCESSIVE_PAGINATION or INVALID_CURSOR_ARGUMENTS as GitHub does:
 * while the field is resolved, so that a mutation has happened by then; a mere `totalCount` needs no boundaries.
 */
export function connection<Item>(
  items: readonly Item[],
  args: PageArgs,
  info: GraphQLResolveInfo,
  listing: Listing<Item>,
): { nodes: unknown[]; edges: unknown[]; pageInfo: Record<string, unknown>; totalCount: number } {
  checkBoundaries(args, info);
  const sorted = inOrder(items, listing);
  const [start, end] = pageOf(sorted, args, listing.descending ?? false);
  const page = sorted.slice(start, end);
  const edges = page.map(({ item, key }) => ({
    cursor: encodeCursor(key),
    node: listing.node ? listing.node(item) : item,
    ...listing.edge?.(item),
  }));
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasPreviousPage: start > 0,
      hasNextPage: end < sorted.length,
    },
    totalCount: items.length,
  };
}

/** One edge by itself, as payloads of mutations have it; `key` as in the list that it is in. */
export function edgeOf(node: unknown, key: Key): { cursor: string; node: unknown } {
  return { cursor: encodeCursor(key), node };
}

interface Placed<Item> {
  item: Item;
  key: Key;
}

function inOrder<Item>(items: readonly Item[], listing: Listing<Item>): Placed<Item>[] {
  const placed = items.map((item, index) => ({ item, key: listing.key(item, index) }));
  const sign = listing.descending ? -1 : 1;
  return placed.sort((one, other) => sign * compareKeys(one.key, other.key));
}

function pageOf(sorted: readonly Placed<unknown>[], args: PageArgs, descending: boolean): [number, number] {
  const sign = descending ? -1 : 1;
  let start = 0;
  let end = sorted.length;
  if (args.after != null) {
    const cursor = decodeCursor(args.after);
    const next = sorted.findIndex(({ key }) => sign * compareKeys(key, cursor) > 0);
    start = next === -1 ? sorted.length : next;
  }
  if (args.before != null) {
    const cursor = decodeCursor(args.before);
    const found = sorted.findIndex(({ key }) => sign * compareKeys(key, cursor) >= 0);
    end = found === -1 ? sorted.length : found;
  }
  end = Math.max(start, end);
  if (args.first != null) end = Math.min(end, start + args.first);
  if (args.last != null) start = Math.max(start, end - args.last);
  // Without either nothing is listed: `checkBoundaries` has seen to that.
  return args.first == null && args.last == null ? [start, start] : [start, end];
}

function compareKeys(one: Key, other: Key): number {
  for (const [index, part] of one.entries()) {
    const against = other[index] ?? "";
    if (part !== against) return part < against ? -1 : 1;
  }
  return 0;
}

function checkBoundaries(args: PageArgs, info: GraphQLResolveInfo): void {
  const field = info.fieldName;
  for (const name of ["first", "last"] as const) {
    const size = args[name];
    if (size == null) continue;
    if (size > mostPerPage) {
      const sentence = `Requesting ${size} records on the \`${field}\` connection exceeds the \`${name}\` limit of ${mostPerPage} records.`;
      throw refusal("EXCESSIVE_PAGINATION", sentence);
    }
    if (size < 1) {
      throw refusal(
        "INVALID_PAGINATION_BOUNDARIES",
        `\`${name}\` on the \`${field}\` connection cannot be less than 1.`,
      );
    }
  }
  if (args.first == null && args.last == null && lists(info)) {
    throw refusal(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${field}\` connection.`,
    );
  }
}

/** Whether the client asks for the items, not just for how many there are. */
function lists(info: GraphQLResolveInfo): boolean {
  const selected = info.fieldNodes.flatMap((node) =>
    fieldsIn(node.selectionSet?.selections ?? [], info.fragments),
  );
  return selected.some((field) => field.name.value === "nodes" || field.name.value === "edges");
}

function fieldsIn(
  selections: readonly SelectionNode[],
  fragments: Record<string, FragmentDefinitionNode>,
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments[selection.name.value]!.selectionSet;
    return fieldsIn(set.selections, fragments);
  });
}

function encodeCursor(key: Key): string {
  return Buffer.from(`cursor:v2:${JSON.stringify(key)}`).toString("base64");
}

function decodeCursor(cursor: string): Key {
  const text = Buffer.from(cursor, "base64").toString("utf8");
  try {
    const key: unknown = JSON.parse(/^cursor:v2:(.*)$/s.exec(text)?.[1] ?? "");
    if (Array.isArray(key) && key.length > 0) return key as Key;
  } catch {
    // Falls through to GitHub's sentence.
  }
  throw refusal("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
}
