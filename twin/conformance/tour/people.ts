import type { Tour } from "./tour.ts";

/** What isn't below a repository: people, what is theirs, what an installation covers. */
export async function tourPeople({ ada, mona, bot, people }: Tour): Promise<void> {
  await mona.rest.rateLimit.get();
  await mona.rest.users.getAuthenticated();
  await bot.rest.users.getByUsername({ username: "mona" });
  await bot.rest.users.getByUsername({ username: "tourist[bot]" });
  await bot.rest.users.getById({ account_id: people.mona.account.id });
  await ada.rest.repos.listForAuthenticatedUser();
  await bot.rest.apps.listReposAccessibleToInstallation();
}
