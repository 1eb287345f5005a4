import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, ErrorCode, Pair, YAMLParseError } from "yaml";

/** What kind of text is read: what people call it, its length in characters, and the depth that it needs, in words. */
export interface Sort {
  name: string;
  most: number;
  need: string;
}

/** One thing that is wrong, and the line (from 1) that it is on, if it is on one. */
export interface Problem {
  line: number | null;
  say: string;
}

/** What the file says as plain values, and where each of them stands. */
export interface Yaml {
  value: unknown;
  /** The line (from 1) of the value at `path`, at its key if it has one. */
  line(path: readonly PropertyKey[]): number;
}

/**
 * Reads `text` as one YAML 1.2 document of plain values. Anchors, aliases and tags are refused: nothing of ours needs
 * them, and they are how a small text becomes a huge one.
 */
export function readYaml(text: string, { name, most, need }: Sort): Yaml | { problems: Problem[] } {
  if (text.length > most)
    return { problems: [{ line: 1, say: `${name} is longer than ${most} characters; shorten it` }] };
  const tooDeep = `${name} is nested too deeply; ${need}`;
  const counter = new LineCounter();
  const lineAt = (node: unknown): number =>
    isNode(node) && node.range ? counter.linePos(node.range[0]).line : 1;
  try {
    const document = parseDocument(text, {
      lineCounter: counter,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false, // `extras` looks for them: the library compares each key with each other one
    });
    const broken = document.errors.map((error) => ({
      line: counter.linePos(error.pos[0]).line,
      say: plain(error) ?? tooDeep,
    }));
    const problems = broken.length > 0 ? broken : extras(document, lineAt);
    if (problems.length > 0) return { problems };
    return { value: document.toJS(), line: (path) => lineAt(nodeAt(document, path)) };
  } catch (error) {
    // The library recurses: thousands of nested brackets end our stack.
    if (error instanceof RangeError) return { problems: [{ line: 1, say: tooDeep }] };
    throw error;
  }
}

function extras(document: Document, lineAt: (node: unknown) => number): Problem[] {
  const problems: Problem[] = [];
  const refuse = (node: unknown, say: string) => problems.push({ line: lineAt(node), say });
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) refuse(node, `\`*${node.source}\` is an alias; write the value itself`);
      else if (node.anchor) refuse(node, `\`&${node.anchor}\` is an anchor; write the value alone`);
      if (node.tag) refuse(node, `\`${node.tag}\` is a tag; write the value alone`);
      for (const key of isMap(node) ? repeated(node.items) : []) {
        refuse(key, `\`${String(key.value)}\` is there twice; keep one of them`);
      }
    },
  });
  return problems;
}

function repeated(pairs: Pair[]): { value: unknown }[] {
  const seen = new Set<unknown>();
  return pairs
    .map(({ key }) => key)
    .filter(isScalar)
    .filter(({ value }) => seen.size === seen.add(value).size);
}

/** The node at `path` (the key of a pair, the item of a list), or the last one on the way there. */
function nodeAt(document: Document, path: readonly PropertyKey[]): unknown {
  let value: unknown = document.contents;
  let found: unknown = value;
  for (const step of path) {
    if (isMap(value)) {
      const pair = value.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!pair) return found;
      [found, value] = [pair.key, pair.value];
    } else if (isSeq(value)) {
      found = value = value.items[Number(step)];
    }
  }
  return found;
}

const PLAIN: Partial<Record<ErrorCode, string>> = {
  MULTIPLE_DOCS: "a second document begins here; keep one",
  NON_STRING_KEY: "a key must be a plain word",
  TAB_AS_INDENT: "a tab can't indent YAML; use spaces",
};

/** Null: the text is nested too deeply. */
function plain({ code, message }: YAMLParseError): string | null {
  if (code === "RESOURCE_EXHAUSTION" || /call stack/i.test(message)) return null;
  return PLAIN[code] ?? `this isn't YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
