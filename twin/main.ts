import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import { installApp, manifestSchema, registerApp } from "./setup/apps.ts";
import { createPerson, setLevel } from "./setup/people.ts";
import { createRepository } from "./setup/repositories.ts";
import { startTwin } from "./twin.ts";
import type { Twin } from "./twin.ts";

const help = `npm run twin -- [--port N] [--host ADDRESS] [--url URL] [--dir D] [--manifest FILE]

Runs a local GitHub with one repository, four people and one installed app, and prints one line of JSON:
  api, web                     GITHUB_API_URL and GITHUB_SERVER_URL for what talks to it
  appId, clientId, slug        the app, registered from the manifest
  privateKeyPath               the app's key
  webhookSecret                signs its webhooks; their address is set by PATCH /app/hook/config, as on GitHub
  tokens                       of an admin, a maintainer (write), a reader and a stranger
  repository                   owner/name

  --port N         the port (any free one)
  --host ADDRESS   the address that it listens on (127.0.0.1: nobody has to show who they are to set it up)
  --url URL        what others call it, where that is another name (in a pod: its Service's)
  --dir D          the folder for all state, kept at the end (.coxswain/twin)
  --manifest FILE  the app's manifest (app.yml)
`;

const project = fileURLToPath(new URL("..", import.meta.url));

/** What a second start in the same folder must tell again. */
const knownSchema = z.object({
  appId: z.number(),
  clientId: z.string(),
  slug: z.string(),
  privateKeyPath: z.string(),
  webhookSecret: z.string(),
  tokens: z.object({ admin: z.string(), maintainer: z.string(), reader: z.string(), stranger: z.string() }),
  repository: z.string(),
});
type Known = z.infer<typeof knownSchema>;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      url: { type: "string" },
      dir: { type: "string", default: join(project, ".coxswain", "twin") },
      manifest: { type: "string", default: join(project, "app.yml") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const { host, dir, url } = values;
  const twin = await startTwin({ port: Number(values.port), host, dir, ...(url && { url }) });
  const known = await furnish(twin, values.manifest);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void twin.close().then(() => process.exit(0)));
  process.stdout.write(`${JSON.stringify({ ...twin.world.urls, ...known })}\n`);
}

/** Fills an empty world; knows one that it filled before. */
async function furnish(twin: Twin, manifestFile: string): Promise<Known> {
  const { world } = twin;
  const file = join(world.dir, "known.json");
  if (existsSync(file)) return knownSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const people = {
    admin: createPerson(world, "ada"),
    maintainer: createPerson(world, "mona"),
    reader: createPerson(world, "rita"),
    stranger: createPerson(world, "sam"),
  };
  const owner = people.admin.account;
  const files = { "README.md": "# Sample\n" };
  const repository = await createRepository(world, { owner, name: "sample", files });
  setLevel(world, repository, { accountId: people.maintainer.account.id, level: "write" });
  setLevel(world, repository, { accountId: people.reader.account.id, level: "read" });
  const manifest = manifestSchema.parse(parse(readFileSync(manifestFile, "utf8")));
  const { app, privateKey, webhookSecret } = registerApp(world, { manifest, owner });
  installApp(world, { app, account: owner, repositories: "all" });
  const privateKeyPath = join(world.dir, "app.pem");
  writeFileSync(privateKeyPath, privateKey, { mode: 0o600 });
  const { admin, maintainer, reader, stranger } = people;
  const known = {
    appId: app.id,
    clientId: app.clientId,
    slug: app.slug,
    privateKeyPath,
    webhookSecret,
    tokens: {
      admin: admin.token,
      maintainer: maintainer.token,
      reader: reader.token,
      stranger: stranger.token,
    },
    repository: `${owner.login}/${repository.name}`,
  };
  writeFileSync(file, JSON.stringify(known), { mode: 0o600 });
  return known;
}

await main();
