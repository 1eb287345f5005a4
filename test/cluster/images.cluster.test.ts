import { randomBytes } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "vitest";

import { packages } from "../../agent-pod/packages.ts";
import { apply, kubectl } from "./kubectl.ts";

const NAMESPACE = `coxswain-images-${randomBytes(4).toString("hex")}`;

beforeAll(() =>
  apply({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  }),
);
afterAll(async () => void (await kubectl(["delete", "namespace", NAMESPACE, "--wait=false"])));

/** What `script` prints in a pod of the image that may write only to `folders`, as pods of the chart are. */
async function printed(image: string, folders: string[], script: string): Promise<string> {
  const name = `${image}-${randomBytes(3).toString("hex")}`;
  const volumes = folders.map((_, at) => ({ name: `scratch-${at}`, emptyDir: {} }));
  await apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      // The image's own user: a pod whose image is root's doesn't start.
      securityContext: { runAsNonRoot: true, fsGroup: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "it",
          image: `localhost/coxswain-${image}:test`,
          imagePullPolicy: "IfNotPresent",
          command: ["tini", "--", "sh", "-c", `{ ${script}\n} 2>&1`],
          resources: { requests: { cpu: "20m", memory: "64Mi" } },
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: folders.map((mountPath, at) => ({ name: `scratch-${at}`, mountPath })),
        },
      ],
      volumes,
    },
  });
  const phase = () => kubectl(["get", "pod", name, "-n", NAMESPACE, "-o", "jsonpath={.status.phase}"]);
  await expect.poll(phase, { timeout: 150_000, interval: 500 }).toMatch(/Succeeded|Failed/);
  return kubectl(["logs", name, "-n", NAMESPACE]);
}

const ABSENT = (tools: string): string =>
  `for tool in ${tools}; do if command -v $tool; then echo "has $tool"; fi; done`;
/** Our own files that no image of a release needs. */
const TESTS = String.raw`find /app -path /app/node_modules -prune -o \( -name '*.test.ts' -o -name testing \) -print`;

test.concurrent("the app's image runs app and gate, and holds no compiler, no test and no agent", async () => {
  const said = await printed(
    "app",
    ["/tmp"],
    `id -u; node app/main.ts; node agent-pod/gate/main.ts; node app/cli/gateKeys.ts --help; node app/cli/checkCluster.ts --help
     git init -q /tmp/clone && echo "git works"; touch /app/app/main.ts || echo "read-only"
     ${ABSENT("gcc cc make python3 opencode tsc vitest")}; ls node_modules/.bin | grep -x vitest
     ls -d node_modules/opencode* node_modules/node-linux*; ${TESTS}; echo "$COXSWAIN_DIR $HOST $GATE_HOST $GATE_PORT"`,
  );
  expect(said).toMatch(/^1000\nThe environment isn't right:\n- PRIVATE_KEY/);
  expect(said).toMatch(/^GATE_PASS_KEYS is missing/m);
  expect(said).toMatch(/^Writes DIR\/pass-keys/m);
  expect(said).toMatch(/git works\n.*(?:Read-only file system|Permission denied)\nread-only\n/);
  expect(said).toMatch(/^\/tmp\/coxswain 0\.0\.0\.0 0\.0\.0\.0 8080\n/m);
  expect(said).not.toMatch(/^has |vitest|opencode-linux|\.test\.ts|\/testing/m);
});

test.concurrent("the agent's image runs the runner and opencode, compiles, and holds only its packages", async () => {
  const said = await printed(
    "agent",
    ["/tmp", "/work", "/home/agent"],
    `id -u; pwd; node /app/agent-pod/runner/main.ts; ls /app /app/agent-pod
     echo 'int main(void) { return 42; }' > c.c && gcc c.c -o c && ./c; echo "exit $?"
     printf 'all:\n\techo made\n' > Makefile && make; python3 -c 'print(6 * 7)'; git --version; g++ --version | head -n 1
     /app/node_modules/opencode-linux-$(node -p process.arch)/bin/opencode --version && echo "opencode works"
     cd /app/node_modules && ls -d [!@.]* @*/*; ${TESTS}; touch /app/x || echo "read-only"`,
  );
  expect(said).toMatch(/^1000\n\/work\n/);
  expect(said).toMatch(/COXSWAIN_BRIEF/);
  expect(said).toMatch(/^exit 42$/m);
  expect(said).toMatch(/^made\n42\ngit version 2\..*\ng\+\+ /m);
  expect(said).toMatch(/^opencode works$/m);
  expect(said).toMatch(/^read-only$/m);
  expect(said).not.toMatch(/\.test\.ts|\/testing|^gate$|Cannot find/m);
  const installed = said
    .split("opencode works\n")[1]
    ?.split("\n")
    .filter((line) => /^[@a-z][\w./-]*$/.test(line));
  expect(installed?.filter((name) => !packages.includes(name))).toEqual(["read-only"]);
});

test.concurrent("the twin's image runs the twin", async () => {
  const said = await printed("twin", ["/tmp"], "timeout 60 node twin/main.ts --dir /tmp/twin | head -n 1");
  expect(said).toMatch(/^\{.*"api":"http/m);
});
