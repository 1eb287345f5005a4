import type { Tour } from "./tour.ts";

/** What an app does with its JWT: its hook, what was delivered, its installations and their tokens. */
export async function tourApp({ app, owner, at, installation, receiver, twin }: Tour): Promise<void> {
  const here = { installation_id: installation.id };
  await app.rest.apps.getAuthenticated();
  await app.rest.apps.getWebhookConfigForApp();
  // Octokit takes a parameter named url for the request's own address.
  await app.request("PATCH /app/hook/config", { data: { url: receiver.url } });
  await twin.idle();
  const { data: deliveries } = await app.rest.apps.listWebhookDeliveries();
  const delivery = { delivery_id: deliveries[0]!.id };
  await app.rest.apps.getWebhookDelivery(delivery);
  await app.rest.apps.redeliverWebhookDelivery(delivery);
  await app.rest.apps.listInstallations();
  await app.rest.apps.getInstallation(here);
  await app.rest.apps.getRepoInstallation(at);
  if (owner.type === "User") await app.rest.apps.getUserInstallation({ username: owner.login });
  else await app.rest.apps.getOrgInstallation({ org: owner.login });
  await app.rest.apps.createInstallationAccessToken(here);
  await app.rest.apps.createInstallationAccessToken({
    ...here,
    repositories: [at.repo],
    permissions: { contents: "read" },
  });
  await app.rest.apps.suspendInstallation(here);
  await app.rest.apps.unsuspendInstallation(here);
}

/** The end: the app is taken off the account. */
export async function uninstall({ app, installation }: Tour): Promise<void> {
  await app.rest.apps.deleteInstallation({ installation_id: installation.id });
}
