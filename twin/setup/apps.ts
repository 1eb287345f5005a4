import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { viewerOfInstallation } from "../auth.ts";
import type { Account, App, Installation, Repository } from "../model.ts";
import { newId } from "../store.ts";
import { childrenOf, insert } from "../table.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { tellOfInstallation } from "../acts/installations.ts";
import { createAccount } from "./people.ts";

/** https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest#github-app-manifest-parameters */
export const manifestSchema = z.object({
  name: z.string().min(1),
  url: z.string().default("https://example.com"),
  description: z.string().nullish(),
  default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])).default({}),
  default_events: z.array(z.string()).default([]),
});
export type Manifest = z.input<typeof manifestSchema>;

/** An app with the secrets that only its owner gets. */
export interface RegisteredApp {
  app: App;
  /** PEM; the twin keeps the public half alone. */
  privateKey: string;
  webhookSecret: string;
}

export interface NewApp {
  manifest: Manifest;
  owner: Account;
  /** Where its webhooks go; it can be set later. */
  hookUrl?: string | null;
  /** PEM. A new one takes a few tenths of a second, so tests may bring theirs. */
  privateKey?: string;
}

/** Registers an app from its manifest. */
export function registerApp(
  world: World,
  { manifest, owner, hookUrl = null, privateKey = newKey() }: NewApp,
): RegisteredApp {
  const { name, url, description, default_permissions, default_events } = manifestSchema.parse(manifest);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const bot = createAccount(world, { login: `${slug}[bot]`, type: "Bot", name: null });
  const webhookSecret = randomBytes(16).toString("hex");
  const app = insert(world.state.apps, {
    id: newId(world.state),
    slug,
    clientId: `Iv23li${randomBytes(7).toString("hex")}`,
    name,
    description: description ?? null,
    externalUrl: url,
    ownerId: owner.id,
    botId: bot.id,
    publicKey: createPublicKey(privateKey).export({ type: "spki", format: "pem" }) as string,
    // Every app reads metadata.
    permissions: { metadata: "read", ...default_permissions },
    events: default_events,
    hook: { id: newId(world.state), url: hookUrl, secret: webhookSecret },
    createdAt: world.now(),
  });
  return { app, privateKey, webhookSecret };
}

/** A new private key as GitHub hands it out. */
export function newKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }) as string;
}

/** Installs an app on an account, for all or some of its repositories, and tells the app. */
export function installApp(
  world: World,
  { app, account, repositories }: { app: App; account: Account; repositories: "all" | readonly Repository[] },
): Installation {
  const installation = insert(world.state.installations, {
    id: newId(world.state),
    appId: app.id,
    accountId: account.id,
    repositories: repositories === "all" ? "all" : repositories.map(({ id }) => id),
    permissions: app.permissions,
    events: app.events,
    suspendedAt: null,
    createdAt: world.now(),
  });
  tellOfInstallation(world, installation, "created");
  return installation;
}

/** The viewer that an app is in one of its installations, with all that was granted. */
export function asApp(world: World, app: App): Extract<Viewer, { kind: "installation" }> {
  const [installation] = childrenOf(world.state.installations, app.id);
  if (!installation) throw new Error(`${app.slug} isn't installed`);
  return viewerOfInstallation(world, installation);
}
