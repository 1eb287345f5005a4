/** Who acts: people, organizations, bots, apps and their installations, and the tokens that stand for them. */

/** A person's (or bot's) permission level on a repository, weakest first. */
export const levels = ["none", "read", "triage", "write", "maintain", "admin"] as const;

export type Level = (typeof levels)[number];

type Access = "read" | "write" | "admin";

/** An app's permissions by GitHub's names, as in an app manifest: `{ issues: "write", metadata: "read" }`. */
export type Permissions = Readonly<Record<string, Access>>;

export interface Account {
  id: number;
  login: string;
  type: "User" | "Bot" | "Organization";
  name: string | null;
  email: string | null;
  createdAt: number;
}

export interface App {
  id: number;
  slug: string;
  clientId: string;
  name: string;
  description: string | null;
  externalUrl: string;
  ownerId: number;
  /** The account that acts for this app: `slug[bot]`. */
  botId: number;
  publicKey: string;
  permissions: Permissions;
  events: readonly string[];
  hook: { id: number; url: string | null; secret: string };
  createdAt: number;
}

export interface Installation {
  id: number;
  appId: number;
  accountId: number;
  /** "all", or the ids of the selected repositories. */
  repositories: "all" | number[];
  /** What was granted: a copy of the app's at installation. */
  permissions: Permissions;
  events: readonly string[];
  suspendedAt: number | null;
  createdAt: number;
}

/** A secret that stands for somebody. `id` is its own, the secret is `secret`. */
export type Token =
  | { kind: "user"; id: number; secret: string; accountId: number }
  | {
      kind: "installation";
      id: number;
      secret: string;
      installationId: number;
      repositories: "all" | number[];
      permissions: Permissions;
      expiresAt: number;
    };
