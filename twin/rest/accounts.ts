import { GitHubError } from "../errors.ts";
import type { Route } from "../http.ts";
import { needs } from "../needs.ts";
import { levelFlags, publicUser, simpleUser } from "../payloads/account.ts";
import { repositoryPage, repositoryPayload } from "../payloads/repository.ts";
import { accountByLogin, accountOf } from "../store.ts";
import { rateOf } from "../rate.ts";
import { actor, levelOf } from "../viewer.ts";
import { existing, noContent, ofRepository, ok, open, page } from "./route.ts";

/** People, what they may do in a repository, the repository itself, and what is left of the hour. */
export const accountRoutes: readonly Route[] = [
  open("GET /rate_limit", ({ world, viewer }) => {
    const core = rateOf(world, viewer, "core");
    const graphql = rateOf(world, viewer, "graphql");
    return ok({ resources: { core, search: core, graphql }, rate: core });
  }),
  open("GET /user", ({ world, viewer }) => {
    const account = actor(viewer);
    if (viewer.kind === "installation") throw new GitHubError(403, "Resource not accessible by integration");
    return ok(publicUser(world, account));
  }),
  open("GET /users/:login", ({ world, params }) =>
    ok(publicUser(world, existing(accountByLogin(world.state, params["login"]!)))),
  ),
  ofRepository("GET /", needs.readMetadata, ({ world, viewer, repository }) => {
    const mine =
      viewer.kind === "user" ? { permissions: levelFlags(levelOf(repository, viewer.account)) } : {};
    return ok({ ...repositoryPage(world, repository), ...mine });
  }),
  open("GET /user/repos", (call) => {
    const account = actor(call.viewer);
    const own = [...call.world.state.repositories.rows.values()].filter(
      (repository) =>
        repository.ownerId === account.id ||
        repository.collaborators.some((one) => one.accountId === account.id),
    );
    return page(call, own, (repository) => repositoryPayload(call.world, repository));
  }),
  open("GET /user/:id", ({ world, params }) =>
    ok(publicUser(world, existing(world.state.accounts.rows.get(Number(params["id"]))))),
  ),
  ofRepository("GET /collaborators", { ...needs.readCollaborators, person: "write" }, (call) => {
    const { world, repository } = call;
    const people = [{ accountId: repository.ownerId }, ...repository.collaborators].map(({ accountId }) =>
      accountOf(world.state, accountId),
    );
    return page(
      call,
      people.filter(({ type }) => type === "User"),
      (account) => {
        const level = levelOf(repository, account);
        return { ...simpleUser(world, account), permissions: levelFlags(level), role_name: level };
      },
    );
  }),
  ofRepository("GET /collaborators/:login", { ...needs.readCollaborators, person: "write" }, (call) => {
    const account = existing(accountByLogin(call.world.state, call.params["login"]!));
    const listed = call.repository.collaborators.some(
      (one) => one.accountId === account.id && one.level !== "none",
    );
    existing(listed || account.id === call.repository.ownerId ? account : undefined);
    return noContent();
  }),
  // Everyone has a level on a public repository; bots have none that could be asked for.
  ofRepository(
    "GET /collaborators/:login/permission",
    needs.readCollaborators,
    ({ world, params, repository }) => {
      const account = existing(accountByLogin(world.state, params["login"]!));
      if (account.type !== "User") throw new GitHubError(404, `${account.login} is not a user`);
      const level = levelOf(repository, account);
      const user = { ...simpleUser(world, account), permissions: levelFlags(level), role_name: level };
      const permission = { maintain: "write", triage: "read" }[level as string] ?? level;
      return ok({ permission, role_name: level, user });
    },
  ),
];
