import { z } from "zod";
import { setSuspended, uninstall } from "../acts/installations.ts";
import { mintToken } from "../auth.ts";
import { GitHubError, invalid } from "../errors.ts";
import { take } from "../http.ts";
import type { Call, Route } from "../http.ts";
import type { App, Delivery, Installation, Permissions } from "../model.ts";
import { accountByLogin, installationsOn, reaches } from "../store.ts";
import { childrenOf } from "../table.ts";
import { grants } from "../viewer.ts";
import type { Grant } from "../viewer.ts";
import { installationPayload, integration } from "../payloads/app.ts";
import { iso } from "../payloads/common.ts";
import { deliveryPage, deliverySummary } from "../payloads/delivery.ts";
import { repositoryPayload } from "../payloads/repository.ts";
import { created, existing, noContent, numberIn, ofApp, ofInstallation, ok, page } from "./route.ts";

/** https://docs.github.com/en/rest/apps/apps, …/apps/installations and …/apps/webhooks: by JWT, without permissions. */
export const appRoutes: readonly Route[] = [
  ofApp("GET /app", ({ world, app }) => {
    const installations_count = childrenOf(world.state.installations, app.id).length;
    return ok({ ...integration(world, app), installations_count });
  }),
  ofApp("GET /app/hook/config", ({ app }) => ok(hookConfig(app))),
  ofApp("PATCH /app/hook/config", (call) => {
    const { url, secret } = take(call, hookSchema);
    call.app.hook = { ...call.app.hook, ...(url && { url }), ...(secret && { secret }) };
    return ok(hookConfig(call.app));
  }),
  ofApp("GET /app/hook/deliveries", (call) => deliveries(call)),
  ofApp("GET /app/hook/deliveries/:delivery", (call) => ok(deliveryPage(deliveryIn(call)))),
  ofApp("POST /app/hook/deliveries/:delivery/attempts", (call) => {
    call.world.redeliver(deliveryIn(call));
    return { status: 202, body: {} };
  }),
  ofApp("GET /app/installations", (call) =>
    page(call, childrenOf(call.world.state.installations, call.app.id), (found) =>
      installationPayload(call.world, found),
    ),
  ),
  ofApp("GET /app/installations/:installation", (call) =>
    ok(installationPayload(call.world, installationIn(call))),
  ),
  ofApp("POST /app/installations/:installation/access_tokens", (call) => mint(call, installationIn(call))),
  ofApp("PUT /app/installations/:installation/suspended", (call) => {
    setSuspended(call.world, installationIn(call), true);
    return noContent();
  }),
  ofApp("DELETE /app/installations/:installation/suspended", (call) => {
    setSuspended(call.world, installationIn(call), false);
    return noContent();
  }),
  ofApp("DELETE /app/installations/:installation", (call) => {
    uninstall(call.world, installationIn(call));
    return noContent();
  }),
  ofApp("GET /repos/:owner/:repo/installation", (call) => {
    const { owner, repo } = call.params;
    const account = existing(accountByLogin(call.world.state, owner!));
    const repository = existing(
      childrenOf(call.world.state.repositories, account.id).find(
        (found) => found.name.toLowerCase() === repo!.toLowerCase(),
      ),
    );
    const own = installationsOn(call.world.state, repository).find((found) => found.appId === call.app.id);
    return ok(installationPayload(call.world, existing(own)));
  }),
  ofApp("GET /orgs/:owner/installation", (call) => installationOfAccount(call)),
  ofApp("GET /users/:owner/installation", (call) => installationOfAccount(call)),
  // Metadata (read): https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps#repository-permissions-for-metadata
  ofInstallation("GET /installation/repositories", (call) => {
    const { viewer, world } = call;
    const covered = childrenOf(world.state.repositories, viewer.installation.accountId).filter(
      (repository) => reaches(viewer.installation, repository.id) && reaches(viewer, repository.id),
    );
    const repository_selection = viewer.repositories === "all" ? "all" : "selected";
    return page(
      call,
      covered,
      (repository) => repositoryPayload(world, repository),
      (repositories, total_count) => ({ total_count, repository_selection, repositories }),
    );
  }),
];

const hookSchema = z.object({ url: z.url().optional(), secret: z.string().optional() });

const narrowing = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number().int()).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write", "admin"])).optional(),
});

type AppCall = Call & { app: App };

function installationIn(call: AppCall): Installation {
  const installation = call.world.state.installations.rows.get(numberIn(call, "installation"));
  return existing(installation?.appId === call.app.id ? installation : undefined);
}

function installationOfAccount(call: AppCall) {
  const account = existing(accountByLogin(call.world.state, call.params["owner"]!));
  const own = childrenOf(call.world.state.installations, call.app.id).find(
    (installation) => installation.accountId === account.id,
  );
  return ok(installationPayload(call.world, existing(own)));
}

function mint(call: AppCall, installation: Installation) {
  const { world } = call;
  if (installation.suspendedAt !== null) throw new GitHubError(403, "This installation has been suspended");
  const asked = take(call, narrowing);
  const repositories = narrowedRepositories(call, installation, asked);
  const permissions = narrowedPermissions(installation.permissions, asked.permissions);
  const token = mintToken(world, installation, { repositories, permissions });
  const named =
    repositories === "all" ? undefined : repositories.map((id) => world.state.repositories.rows.get(id)!);
  return created({
    token: token.secret,
    expires_at: iso(token.expiresAt),
    permissions,
    repository_selection: repositories === "all" ? "all" : "selected",
    ...(named ? { repositories: named.map((repository) => repositoryPayload(world, repository)) } : {}),
  });
}

/** GitHub's words for what an installation doesn't cover. */
function narrowedRepositories(
  { world }: AppCall,
  installation: Installation,
  { repositories, repository_ids }: z.infer<typeof narrowing>,
): "all" | number[] {
  if (!repositories && !repository_ids) return installation.repositories;
  const covered = childrenOf(world.state.repositories, installation.accountId).filter((repository) =>
    reaches(installation, repository.id),
  );
  const wanted = covered.filter(
    ({ id, name }) =>
      repository_ids?.includes(id) || repositories?.some((one) => one.toLowerCase() === name.toLowerCase()),
  );
  if (wanted.length < new Set([...(repositories ?? []), ...(repository_ids ?? [])]).size)
    throw new GitHubError(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  return wanted.map(({ id }) => id);
}

function narrowedPermissions(held: Permissions, asked: Permissions | undefined): Permissions {
  if (!asked) return held;
  const beyond = Object.entries(asked).some(([name, access]) => !grants(held, `${name}:${access}` as Grant));
  if (beyond) throw new GitHubError(422, "The permissions requested are not granted to this installation.");
  const metadata = held["metadata"] ? { metadata: held["metadata"] } : {};
  return { ...metadata, ...asked };
}

function deliveries(call: AppCall) {
  const newestFirst = childrenOf(call.world.state.deliveries, call.app.id).toReversed();
  const size = Math.min(100, Math.max(1, Number(call.query.get("per_page") ?? 30) || 30));
  const cursor = call.query.get("cursor");
  const status = call.query.get("status");
  const from = newestFirst
    .filter((delivery) => cursor === null || delivery.id < Number(/^v1_(\d+)$/.exec(cursor)?.[1] ?? cursor))
    .filter((delivery) => status === null || (status === "success") === delivery.statusCode < 400);
  const shown = from.slice(0, size);
  const query = new URLSearchParams({ per_page: String(size), cursor: `v1_${shown.at(-1)?.id ?? 0}` });
  const link = `<${call.world.urls.api}${call.path}?${query.toString()}>; rel="next"`;
  return {
    status: 200,
    headers: from.length > size ? { link } : {},
    body: shown.map((delivery) => deliverySummary(delivery)),
  };
}

function deliveryIn(call: AppCall): Delivery {
  const delivery = call.world.state.deliveries.rows.get(numberIn(call, "delivery"));
  return existing(delivery?.appId === call.app.id ? delivery : undefined);
}

function hookConfig({ hook }: App) {
  if (hook.url === null) throw invalid({ resource: "Hook", field: "url", code: "missing" });
  return { content_type: "json", insecure_ssl: "0", secret: "********", url: hook.url };
}
