import { createPublicKey, randomBytes, verify } from "node:crypto";
import { GitHubError } from "./errors.ts";
import type { App, Installation, Permissions, Token } from "./model.ts";
import { accountOf, newId } from "./store.ts";
import { childrenOf, insert, remove } from "./table.ts";
import type { Viewer } from "./viewer.ts";
import type { World } from "./world.ts";

/** Installation tokens live for an hour. */
const tokenLifeMs = 60 * 60 * 1000;
/** How far an app's clock may be ahead of ours. */
const skewS = 60;
/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const longestJwtS = 10 * 60;

/**
 * Who an `Authorization` header stands for: a token (`Bearer`, `token`, or the password of `Basic`), or an app's JWT.
 *
 * @throws GitHubError 401 for a secret that isn't good (any more), 403 for a suspended installation
 */
export function viewerOf(world: World, authorization: string | undefined): Viewer {
  if (!authorization) return { kind: "anonymous" };
  const [scheme = "", credential = ""] = authorization.trim().split(/\s+/, 2);
  switch (scheme.toLowerCase()) {
    case "basic":
      return viewerOfSecret(world, passwordOf(credential));
    case "bearer":
    case "token":
      return credential.split(".").length === 3
        ? viewerOfJwt(world, credential)
        : viewerOfSecret(world, credential);
    default:
      throw badCredentials();
  }
}

/** Mints a token for an installation, as narrow as asked. Old ones are forgotten. */
export function mintToken(
  world: World,
  installation: Installation,
  narrowed: { repositories: "all" | number[]; permissions: Permissions },
): Extract<Token, { kind: "installation" }> {
  for (const old of childrenOf(world.state.tokens, installation.id)) {
    if (old.kind === "installation" && old.expiresAt <= world.now()) remove(world.state.tokens, old);
  }
  const token = {
    kind: "installation" as const,
    id: newId(world.state),
    secret: `ghs_${randomBytes(32).toString("hex")}`,
    installationId: installation.id,
    ...narrowed,
    expiresAt: world.now() + tokenLifeMs,
  };
  insert(world.state.tokens, token);
  return token;
}

/** The viewer that an installation is with all that it was granted. */
export function viewerOfInstallation(
  world: World,
  installation: Installation,
): Extract<Viewer, { kind: "installation" }> {
  const app = world.state.apps.rows.get(installation.appId)!;
  const { repositories, permissions } = installation;
  return {
    kind: "installation",
    app,
    installation,
    account: accountOf(world.state, app.botId),
    repositories,
    permissions,
  };
}

function viewerOfSecret(world: World, secret: string): Viewer {
  const token = [...world.state.tokens.rows.values()].find((found) => found.secret === secret);
  if (!token) throw badCredentials();
  if (token.kind === "user") return { kind: "user", account: accountOf(world.state, token.accountId) };
  const installation = world.state.installations.rows.get(token.installationId);
  if (!installation || token.expiresAt <= world.now()) throw badCredentials();
  if (installation.suspendedAt !== null) throw new GitHubError(403, "This installation has been suspended");
  const { repositories, permissions } = token;
  return { ...viewerOfInstallation(world, installation), repositories, permissions };
}

function viewerOfJwt(world: World, jwt: string): Viewer {
  const [header, payload, signature] = jwt.split(".") as [string, string, string];
  const claims = decode(payload);
  if (decode(header)["alg"] !== "RS256") throw undecodable();
  checkTimes(claims, world.now() / 1000);
  const app = appByIssuer(world, claims["iss"]);
  if (!app) throw new GitHubError(404, "Integration not found");
  const signed = Buffer.from(`${header}.${payload}`);
  const key = createPublicKey(app.publicKey);
  if (!verify("sha256", signed, key, Buffer.from(signature, "base64url"))) throw undecodable();
  return { kind: "app", app };
}

function appByIssuer(world: World, issuer: unknown): App | undefined {
  const apps = [...world.state.apps.rows.values()];
  return apps.find((app) => String(app.id) === String(issuer) || app.clientId === issuer);
}

function checkTimes({ iat, exp }: Record<string, unknown>, now: number): void {
  if (typeof exp !== "number" || exp <= now)
    throw new GitHubError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (typeof iat !== "number" || iat > now + skewS)
    throw new GitHubError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (exp > now + longestJwtS + skewS)
    throw new GitHubError(401, "'Expiration time' claim ('exp') is too far in the future");
}

function decode(part: string): Record<string, unknown> {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof decoded === "object" && decoded !== null) return decoded as Record<string, unknown>;
  } catch {
    // Falls through to the same refusal.
  }
  throw undecodable();
}

function passwordOf(credential: string): string {
  const [user = "", ...password] = Buffer.from(credential, "base64").toString("utf8").split(":");
  const given = password.join(":");
  // `https://TOKEN:x-oauth-basic@…` and `https://TOKEN@…` are old ways that GitHub still takes.
  return given === "" || given === "x-oauth-basic" ? user : given;
}

function badCredentials(): GitHubError {
  return new GitHubError(401, "Bad credentials");
}

function undecodable(): GitHubError {
  return new GitHubError(401, "A JSON web token could not be decoded");
}
