import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Attack } from "../pods/attack.ts";
import type { Pod } from "../world.ts";

const SCRIPT = readFileSync(join(import.meta.dirname, "../pods/attack.ts"));

/** What came of attacks, by their names: in order, where one told more than once. */
export type Results = Map<string, string[]>;

/**
 * Tries these attacks from inside that pod, and tells what came of them, as far as the pod lived to tell it. `heard` is called
 * at each result.
 */
export async function assault(
  { namespace, name }: Pick<Pod, "namespace" | "name">,
  attacks: Record<string, Attack>,
  heard: () => void = () => {},
): Promise<Results> {
  const node = ["node", "--input-type=module-typescript", "-", JSON.stringify(attacks)];
  const child = spawn("kubectl", ["exec", "-i", "-n", namespace, name, "--", ...node]);
  child.stdin.on("error", () => {}); // it may end before it has read all
  child.stdin.end(SCRIPT);
  const [results, said]: [Results, string[]] = [new Map(), []];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { name, got } = JSON.parse(line) as { name: string; got: string };
    results.set(name, [...(results.get(name) ?? []), got]);
    heard();
  });
  await once(child, "close");
  if (results.size === 0) throw new Error(`No attack was tried in ${name}: ${said.join("\n")}`);
  return results;
}
