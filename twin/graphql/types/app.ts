import type * as github from "@octokit/graphql-schema";
import type { App as Source } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { integration } from "../../payloads/app.ts";
import { iso } from "../../payloads/common.ts";
import type { Fields } from "../ask.ts";

/** In the schema, but not yet in its types. */
type Newer = { clientId: unknown };

export const App: Fields<github.App & Newer, Source> = {
  id: (app) => nodeId("App", app.id),
  databaseId: (app) => app.id,
  clientId: (app) => app.clientId,
  slug: (app) => app.slug,
  name: (app) => app.name,
  description: (app) => app.description,
  url: (app, _args, { world }) => integration(world, app).html_url,
  createdAt: (app) => iso(app.createdAt),
  updatedAt: (app) => iso(app.createdAt),
};
