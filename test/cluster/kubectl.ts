import { execFile } from "node:child_process";

/** Runs kubectl on the cluster of `KUBECONFIG`; what it prints. Throws with its words. */
export const kubectl = (args: readonly string[], input = ""): Promise<string> => run("kubectl", args, input);

/** Runs helm on the cluster of `KUBECONFIG`; what it prints. Throws with its words. */
export const helm = (args: readonly string[], input = ""): Promise<string> => run("helm", args, input);

/** Makes what these objects say, or changes it. */
export async function apply(...objects: object[]): Promise<void> {
  await kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
}

/** The objects of those kinds (`pods,jobs`) in a namespace, as far as a selector says. */
export async function list<T>(namespace: string, kinds: string, selector = ""): Promise<T[]> {
  const found = await kubectl(["get", kinds, "-n", namespace, "-o", "json", "-l", selector]);
  return (JSON.parse(found) as { items: T[] }).items;
}

function run(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(new Error(`${command} ${args.join(" ").slice(0, 300)}: ${stderr.trim() || error.message}`));
    });
    child.stdin?.on("error", () => {}); // it may end before it has read all
    child.stdin?.end(input);
  });
}
