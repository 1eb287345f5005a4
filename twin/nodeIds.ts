/** What has a node id, by the name of its GraphQL type, with GitHub's prefix. */
const prefixes = {
  User: "U",
  Bot: "BOT",
  Organization: "O",
  App: "A",
  Repository: "R",
  Label: "LA",
  Issue: "I",
  IssueComment: "IC",
  PullRequest: "PR",
  PullRequestReview: "PRR",
  PullRequestReviewThread: "PRRT",
  PullRequestReviewComment: "PRRC",
  Reaction: "REA",
  UserContentEdit: "UCE",
  CheckSuite: "CS",
  CheckRun: "CR",
  StatusContext: "SC",
  Installation: "MDIzO",
  TimelineEvent: "EV",
  Delivery: "HD",
} as const;

export type NodeType = keyof typeof prefixes;

/** The node id of a record: `I_` and so on, opaque to clients. */
export function nodeId(type: NodeType, id: number): string {
  return `${prefixes[type]}_${Buffer.from(`k:${id}`).toString("base64url")}`;
}

/** The type and the id in a node id, or undefined when it isn't one of the twin's records. */
export function decodeNodeId(text: string): { type: NodeType; id: number } | undefined {
  const cut = text.indexOf("_");
  const type = (Object.keys(prefixes) as NodeType[]).find((name) => prefixes[name] === text.slice(0, cut));
  const id = /^k:(\d+)$/.exec(Buffer.from(text.slice(cut + 1), "base64url").toString("utf8"))?.[1];
  return type && id ? { type, id: Number(id) } : undefined;
}

/** What is no record but named by its repository and a key of its own: a sha, a full ref name, a number and a sha. */
const keyedPrefixes = {
  Commit: "C",
  Ref: "REF",
  Tree: "T",
  Blob: "B",
  Status: "S",
  StatusCheckRollup: "SCR",
  PullRequestCommit: "PURC",
  ReviewRequest: "RR",
} as const;

export type KeyedNodeType = keyof typeof keyedPrefixes;

/** The node id of such a thing. */
export function keyedNodeId(type: KeyedNodeType, repositoryId: number, key: string): string {
  return `${keyedPrefixes[type]}_${Buffer.from(`${repositoryId}:${key}`).toString("base64url")}`;
}

/** The reverse of `keyedNodeId`. */
export function decodeKeyedNodeId(
  text: string,
): { type: KeyedNodeType; repositoryId: number; key: string } | undefined {
  const cut = text.indexOf("_");
  const type = (Object.keys(keyedPrefixes) as KeyedNodeType[]).find(
    (name) => keyedPrefixes[name] === text.slice(0, cut),
  );
  const parts = /^(\d+):(.+)$/.exec(Buffer.from(text.slice(cut + 1), "base64url").toString("utf8"));
  return type && parts ? { type, repositoryId: Number(parts[1]), key: parts[2]! } : undefined;
}
