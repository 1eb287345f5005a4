import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** A way from this machine to a port of a Service. */
export interface Forward {
  url: string;
  close(): void;
}

/** Opens one, and again where it ends by itself: it ends with the pod that it led to. Throws if it can't be opened at first. */
export async function forward(namespace: string, service: string, port: number): Promise<Forward> {
  let closed = false;
  let child: ChildProcess;
  const open = (local: string): Promise<string> => {
    const args = ["port-forward", "-n", namespace, `service/${service}`, `${local}:${port}`];
    const opened = spawn("kubectl", args, { stdio: ["ignore", "pipe", "pipe"] });
    child = opened;
    return new Promise((resolve, reject) => {
      const said: string[] = [];
      createInterface({ input: opened.stderr }).on("line", (line) => said.push(line));
      createInterface({ input: opened.stdout }).on("line", (line) => {
        const [, ours] = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
        if (ours) resolve(ours);
      });
      opened.once("exit", () => {
        reject(new Error(`kubectl ${args.join(" ")} ended: ${said.join(" ")}`));
      });
    });
  };
  const local = await open("");
  const keep = (): void => {
    child.once("exit", () => {
      if (!closed) setTimeout(() => void open(local).catch(() => {}), 300).unref();
      if (!closed) setTimeout(keep, 300).unref();
    });
  };
  keep();
  return {
    url: `http://127.0.0.1:${local}`,
    close: () => {
      closed = true;
      child.kill();
    },
  };
}
