import type { ActionOf } from "../hooks/events.ts";
import type { Installation } from "../model.ts";
import { installationPayload } from "../payloads/app.ts";
import { minimalInstalled } from "../payloads/repository.ts";
import { accountOf, reaches } from "../store.ts";
import { childrenOf, remove } from "../table.ts";
import type { World } from "../world.ts";

/** Suspends an installation, or lets it go on: while it is suspended its app can do nothing and hears nothing. */
export function setSuspended(world: World, installation: Installation, suspended: boolean): void {
  if ((installation.suspendedAt !== null) === suspended) return;
  installation.suspendedAt = suspended ? world.now() : null;
  tellOfInstallation(world, installation, suspended ? "suspend" : "unsuspend");
}

/** Takes an app off an account. Its tokens are no good any more. */
export function uninstall(world: World, installation: Installation): void {
  tellOfInstallation(world, installation, "deleted");
  remove(world.state.installations, installation);
}

/** Tells the app itself; GitHub names the account's owner as who did it. */
export function tellOfInstallation(
  world: World,
  installation: Installation,
  action: ActionOf<"installation">,
): void {
  const repositories = childrenOf(world.state.repositories, installation.accountId)
    .filter((repository) => reaches(installation, repository.id))
    .map((repository) => minimalInstalled(world, repository));
  world.emit({
    event: "installation",
    action,
    repository: null,
    sender: accountOf(world.state, installation.accountId),
    onlyAppId: installation.appId,
    body: {
      installation: installationPayload(world, installation),
      repositories,
      ...(action === "created" ? { requester: null } : {}),
    },
  });
}
