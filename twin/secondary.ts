import { GitHubError } from "./errors.ts";
import { nameOf } from "./graphql/spending.ts";
import type { Viewer } from "./viewer.ts";
import type { World } from "./world.ts";

/**
 * The secondary limits that GitHub documents, but for CPU time:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const CONCURRENT = 100;
const RESTS = { ms: 60_000, points: 900 };
const GRAPHQLS = { ms: 60_000, points: 2000 };
const CONTENT = [
  { ms: 60_000, most: 80 },
  { ms: 3_600_000, most: 500 },
];
const KEPT_MS = 3_600_000;

interface Spent {
  at: number;
  graphql: boolean;
  points: number;
  /** Whether it makes or changes something. GitHub doesn't say which requests it means: here all that write. */
  content: boolean;
}

interface Book {
  underWay: number;
  spent: Spent[];
}

const books = new WeakMap<World, Map<string, Book>>();

/**
 * Counts a request from now until the function that it returns is called. Any minute and any hour counts, which is the
 * strictest reading.
 *
 * @throws GitHubError 429 where it is one too many
 */
export function enter(
  world: World,
  viewer: Viewer,
  request: { method: string; path: string; body: unknown },
): () => void {
  const book = bookOf(world, viewer);
  const now = world.now();
  book.spent = book.spent.filter(({ at }) => now - at < KEPT_MS);
  const spent = spentOn(request, now);
  const isOver =
    book.underWay >= CONCURRENT ||
    sum(book, spent, spent.graphql ? GRAPHQLS : RESTS) > (spent.graphql ? GRAPHQLS : RESTS).points ||
    (spent.content && CONTENT.some(({ ms, most }) => contents(book, now - ms) >= most));
  if (isOver)
    throw new GitHubError(
      429,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    );
  book.spent.push(spent);
  book.underWay++;
  return () => void book.underWay--;
}

/** Reads cost a point, writes five: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#calculating-points-for-the-secondary-rate-limit */
function spentOn({ method, path, body }: { method: string; path: string; body: unknown }, at: number): Spent {
  const graphql = path === "/graphql";
  const isWrite = graphql ? isMutation(body) : !["GET", "HEAD", "OPTIONS"].includes(method);
  return { at, graphql, points: isWrite ? 5 : 1, content: isWrite && !path.endsWith("/access_tokens") };
}

const isMutation = (body: unknown): boolean =>
  typeof body === "object" &&
  body !== null &&
  "query" in body &&
  /^\s*(?:#.*\n\s*)*mutation\b/.test(String(body.query));

const sum = ({ spent }: Book, one: Spent, { ms }: { ms: number }): number =>
  spent
    .filter(({ at, graphql }) => graphql === one.graphql && one.at - at < ms)
    .reduce((points, each) => points + each.points, one.points);

const contents = ({ spent }: Book, since: number): number =>
  spent.filter(({ at, content }) => content && at > since).length;

function bookOf(world: World, viewer: Viewer): Book {
  const all = books.get(world) ?? new Map<string, Book>();
  books.set(world, all);
  const found = all.get(nameOf(viewer)) ?? { underWay: 0, spent: [] };
  all.set(nameOf(viewer), found);
  return found;
}
