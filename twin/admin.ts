import { z } from "zod";
import { requestAction, rerequestRun } from "./acts/checks.ts";
import { viewerOf } from "./auth.ts";
import { take } from "./http.ts";
import type { Call, Route } from "./http.ts";
import { levels } from "./model.ts";
import type { CheckRun } from "./model.ts";
import { created, existing, noContent, numberIn, ok, open } from "./rest/route.ts";
import { installApp, manifestSchema, registerApp } from "./setup/apps.ts";
import { createAccount, createPerson, setLevel } from "./setup/people.ts";
import { createRepository } from "./setup/repositories.ts";
import { accountByLogin, fullName, repositoryByName } from "./store.ts";
import type { Twin } from "./twin.ts";

/**
 * What no API of GitHub does: sign people up, make the world go on, click on buttons, break things. It asks for no
 * credentials: the twin listens on this machine alone, or in a test's own namespace.
 */
export function adminRoutes(twin: Twin): readonly Route[] {
  const { world } = twin;
  return [
    open("POST /_twin/people", (call) => {
      const { login } = take(call, z.object({ login: z.string() }));
      const { account, token } = createPerson(world, login);
      return created({ id: account.id, login, token });
    }),
    open("POST /_twin/organizations", (call) => {
      const { login } = take(call, z.object({ login: z.string() }));
      return created(createAccount(world, { login, type: "Organization", name: null }));
    }),
    open("POST /_twin/repositories", async (call) => {
      const { owner, ...asked } = take(call, repositorySchema);
      const account = existing(accountByLogin(world.state, owner));
      const repository = await createRepository(world, { ...asked, owner: account });
      return created({ id: repository.id, full_name: fullName(world.state, repository) });
    }),
    open("PUT /_twin/repositories/:owner/:repo/collaborators", (call) => {
      const { login, level } = take(call, z.object({ login: z.string(), level: z.enum(levels) }));
      const accountId = existing(accountByLogin(world.state, login)).id;
      setLevel(world, repositoryIn(call), { accountId, level });
      return noContent();
    }),
    open("POST /_twin/apps", (call) => {
      const { owner, manifest, hookUrl } = take(call, appSchema);
      const account = existing(accountByLogin(world.state, owner));
      const { app, privateKey, webhookSecret } = registerApp(world, { manifest, owner: account, hookUrl });
      return created({ id: app.id, clientId: app.clientId, slug: app.slug, privateKey, webhookSecret });
    }),
    open("PUT /_twin/apps/:app/hook", (call) => {
      const app = existing(world.state.apps.rows.get(numberIn(call, "app")));
      app.hook = { ...app.hook, ...take(call, z.object({ url: z.url().nullable() })) };
      return noContent();
    }),
    open("POST /_twin/installations", (call) => {
      const asked = take(call, installationSchema);
      const app = existing(world.state.apps.rows.get(asked.appId));
      const account = existing(accountByLogin(world.state, asked.owner));
      const repositories =
        asked.repositories === "all"
          ? "all"
          : asked.repositories.map((name) => existing(repositoryByName(world.state, asked.owner, name)));
      return created({ id: installApp(world, { app, account, repositories }).id });
    }),
    open("PUT /_twin/check-runs/:run/log", (call) => {
      runIn(call).jobLog = take(call, z.object({ text: z.string() })).text;
      return noContent();
    }),
    open("POST /_twin/check-runs/:run/click", (call) => {
      const { token, button } = take(call, z.object({ token: z.string(), button: z.string() }));
      const viewer = viewerOf(world, `token ${token}`);
      if (button === "Re-run") rerequestRun(world, viewer, runIn(call));
      else requestAction(world, viewer, runIn(call), button);
      return noContent();
    }),
    open("GET /_twin/logs/:run", (call) => ok(existing(runIn(call).jobLog ?? undefined))),
    open("POST /_twin/clock", (call) => {
      twin.advance(take(call, z.object({ advanceMs: z.number() })).advanceMs);
      return noContent();
    }),
    open("GET /_twin/calls", () => ok(twin.calls)),
    open("DELETE /_twin/calls", () => {
      twin.calls.length = 0;
      return noContent();
    }),
    open("PUT /_twin/faults", (call) => {
      Object.assign(world.faults, take(call, faultsSchema));
      return noContent();
    }),
    open("POST /_twin/idle", async () => {
      await twin.idle();
      return noContent();
    }),
  ];
}

const repositorySchema = z.object({
  owner: z.string(),
  name: z.string(),
  files: z.record(z.string(), z.string()).default({}),
  settings: z
    .object({ private: z.boolean().default(false), deleteBranchOnMerge: z.boolean().default(false) })
    .prefault({}),
});
const appSchema = z.object({
  owner: z.string(),
  manifest: manifestSchema,
  hookUrl: z.url().nullable().default(null),
});
const installationSchema = z.object({
  appId: z.number().int(),
  owner: z.string(),
  repositories: z.union([z.literal("all"), z.array(z.string())]).default("all"),
});
const faultsSchema = z
  .object({
    delayMs: z.number(),
    doubleDeliveries: z.boolean(),
    holdBackUpToMs: z.number(),
    readLagMs: z.number(),
    secondaryLimits: z.boolean(),
  })
  .partial();

function repositoryIn({ world, params }: Call) {
  return existing(repositoryByName(world.state, params["owner"]!, params["repo"]!));
}

function runIn(call: Call): CheckRun {
  return existing(call.world.state.checkRuns.rows.get(numberIn(call, "run")));
}
