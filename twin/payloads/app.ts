import type { App, Installation } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { accountOf } from "../store.ts";
import type { World } from "../world.ts";
import { simpleUser } from "./account.ts";
import { iso, isoOrNull } from "./common.ts";

/** An app, as in `performed_via_github_app` and check runs. */
export function integration(world: World, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: simpleUser(world, accountOf(world.state, app.ownerId)),
    name: app.name,
    description: app.description,
    external_url: app.externalUrl,
    html_url: `${world.urls.web}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: [...app.events],
  };
}

/** The app through which something was written, or null. GitHub describes it without the client id. */
export function viaAppPayload(world: World, appId: number | null) {
  const app = appId === null ? undefined : world.state.apps.rows.get(appId);
  if (!app) return null;
  const { client_id: _, ...described } = integration(world, app);
  return described;
}

/** An installation, whole. */
export function installationPayload(world: World, installation: Installation) {
  const app = world.state.apps.rows.get(installation.appId)!;
  const account = accountOf(world.state, installation.accountId);
  const url = `${world.urls.api}/app/installations/${installation.id}`;
  return {
    id: installation.id,
    account: simpleUser(world, account),
    repository_selection: installation.repositories === "all" ? "all" : "selected",
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.urls.api}/installation/repositories`,
    html_url: `${world.urls.web}/settings/installations/${installation.id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: [...installation.events],
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: isoOrNull(installation.suspendedAt),
  };
}

/** An installation as webhooks name it. */
export function simpleInstallation(installation: Installation) {
  return { id: installation.id, node_id: nodeId("Installation", installation.id) };
}
