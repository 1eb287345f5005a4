import { afterAll, beforeAll, expect, test } from "vitest";

import { makeNamespace } from "../../jobs/run/cluster/kubernetes/testing/room.ts";
import type { Namespace } from "../../jobs/run/cluster/kubernetes/testing/room.ts";
import { atWork } from "../../jobs/run/cluster/kubernetes/testing/script.ts";
import { NAME, RELEASE } from "./install.ts";
import { apply, helm, kubectl } from "./kubectl.ts";
import { leftIn, staysOf } from "./left.ts";
import { CHART, fileOf } from "./render.ts";
import { until } from "./until.ts";

const TINY = { cpu: "10m", memory: "64Mi" };

/** The agents' namespace, made by somebody else than the chart. */
let agents: Namespace;
let namespace: string;
beforeAll(async () => {
  agents = await makeNamespace();
  namespace = `${agents.name}-app`;
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
});
afterAll(async () => {
  await agents.remove();
  await kubectl(["delete", "namespace", namespace, "--wait=false"]);
});

test("a namespace of one's own for agents stays when the chart goes, and nothing is in it: their Jobs went too", async () => {
  const at = ["-n", namespace];
  const values = {
    // Pods wait for the Secret, which isn't there: this is of what the API server has.
    image: { repository: "localhost/coxswain-app", tag: "test" },
    app: { replicas: 1, resources: { requests: TINY } },
    gate: { replicas: 1, resources: { requests: TINY } },
    redis: { builtIn: false, url: "redis://redis.example" },
    agents: { namespace: agents.name, createNamespace: false },
  };
  await helm(["install", RELEASE, CHART, ...at, "-f", fileOf("small"), "-f", "-"], JSON.stringify(values));
  // An agent as the app makes it, with the chart's account.
  const run = agents.run("trap 'exit 0' TERM; sleep 1000 & wait", { serviceAccount: `${NAME}-agent` });
  await run.cluster.ensure(run.spec);
  await atWork(run);
  const there = await leftIn(agents.name);
  for (const kind of ["job.batch", "secret"]) expect(there).toContain(`${kind}/${run.spec.name}`);

  const stays = staysOf(await helm(["get", "notes", RELEASE, ...at]));
  expect(stays).toEqual(["secret/coxswain", `namespace/${namespace}`, `namespace/${agents.name}`]);
  await helm(["uninstall", RELEASE, ...at, "--wait", "--timeout", "120s"]);
  await until("the agents' namespace to be empty", async () => (await leftIn(agents.name)).length === 0, 120);
  // The Secret that the notes name is whose it would be: nobody made one here.
  expect(await leftIn(namespace)).toEqual([]);
});
