import { createHash } from "node:crypto";

import { z } from "zod";

import { forward } from "./forward.ts";
import { apply, kubectl } from "./kubectl.ts";
import { addressesOf, podAndService } from "./props.ts";
import { until } from "./until.ts";

const knownSchema = z.object({
  appId: z.number(),
  slug: z.string(),
  webhookSecret: z.string(),
  tokens: z.object({ admin: z.string(), maintainer: z.string(), reader: z.string(), stranger: z.string() }),
});
type Known = z.infer<typeof knownSchema>;

const OWNER = "ada";
const PORT = 8080;

/** The local GitHub, as a pod of the namespace, and what it alone knows. */
export interface GitHub extends Known {
  owner: string;
  /** Its API as it is reached from here. */
  api: string;
  /** As pods reach it: `GITHUB_API_URL` and `GITHUB_SERVER_URL`. */
  inCluster: { api: string; web: string };
  /** The addresses of its pod and its Service. */
  addresses: string[];
  privateKey: string;
  /** Makes a repository, where the maintainer may write and the reader may read. */
  makeRepository(name: string, files: Record<string, string>): Promise<void>;
  /** Has a small CI check every push to those repositories. */
  checkPushes(repositories: string[]): Promise<void>;
  /** Where the app's webhooks go. */
  sendWebhooks(url: string): Promise<void>;
  /** Calls what only the twin has: `PUT /_twin/…`. */
  admin(route: string, body: object): Promise<unknown>;
  /** Every token that it has given to an app and not forgotten. */
  installationTokens(): Promise<string[]>;
  close(): void;
}

/** Starts one. It listens to nobody outside the cluster but this machine. */
export async function startGitHub(namespace: string): Promise<GitHub> {
  const web = `http://github.${namespace}:${PORT}`;
  const flags = ["--host", "0.0.0.0", "--port", String(PORT), "--url", web, "--dir", "/tmp/twin"];
  await apply(
    ...podAndService({ namespace, name: "github", args: ["twin/main.ts", ...flags], ports: [PORT] }),
  );
  const addresses = await addressesOf(namespace, "github");
  const told = await until("the twin to tell who it knows", async () => {
    const lines = (await kubectl(["logs", "-n", namespace, "github"])).split("\n");
    return lines.find((line) => line.startsWith("{"));
  });
  const known = knownSchema.parse(JSON.parse(told));
  const inPod = (file: string) =>
    kubectl(["exec", "-n", namespace, "github", "--", "cat", `/tmp/twin/${file}`]);
  const way = await forward(namespace, "github", PORT);
  const admin = async (route: string, body: object): Promise<unknown> => {
    const [method = "", path = ""] = route.split(" ");
    const answer = await fetch(`${way.url}${path}`, { method, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const inCluster = { api: `${web}/api/v3`, web };
  return {
    ...known,
    owner: OWNER,
    api: `${way.url}/api/v3`,
    inCluster,
    addresses,
    privateKey: await inPod("app.pem"),
    makeRepository: async (name, files) => {
      await admin("POST /_twin/repositories", { owner: OWNER, name, files });
      for (const [login, level] of [
        ["mona", "write"],
        ["rita", "read"],
      ])
        await admin(`PUT /_twin/repositories/${OWNER}/${name}/collaborators`, { login, level });
    },
    checkPushes: (repositories) => startChecks({ namespace, admin, repositories, inCluster }),
    sendWebhooks: async (url) => void (await admin(`PUT /_twin/apps/${known.appId}/hook`, { url })),
    admin,
    installationTokens: async () => {
      const { tokens } = JSON.parse(await inPod("state.json")) as {
        tokens: { kind: string; secret: string }[];
      };
      return tokens.filter(({ kind }) => kind === "installation").map(({ secret }) => secret);
    },
    close: () => way.close(),
  };
}

const appSchema = z.object({ id: z.number(), privateKey: z.string(), webhookSecret: z.string() });

/** The CI is an app of its own, in a pod of its own. */
async function startChecks({
  namespace,
  admin,
  repositories,
  inCluster,
}: Pick<GitHub, "admin" | "inCluster"> & { namespace: string; repositories: string[] }): Promise<void> {
  const manifest = {
    name: `Small CI ${createHash("sha1").update(repositories.join()).digest("hex").slice(0, 6)}`,
    default_permissions: { checks: "write", contents: "read" },
    default_events: ["push"],
  };
  const hookUrl = `http://ci.${namespace}:${PORT}/`;
  const made = await admin("POST /_twin/apps", { owner: OWNER, manifest, hookUrl });
  const { id, privateKey, webhookSecret } = appSchema.parse(made);
  const options = JSON.stringify({ ...inCluster, appId: id, privateKey, secret: webhookSecret });
  const args = ["test/cluster/pods/ci.ts", options];
  await apply(...podAndService({ namespace, name: "ci", args, ports: [PORT] }));
  await addressesOf(namespace, "ci");
  await admin("POST /_twin/installations", { appId: id, owner: OWNER, repositories });
}
