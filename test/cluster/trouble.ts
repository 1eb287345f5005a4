import { kubectl } from "./kubectl.ts";

/** What there is to know of namespaces where something went wrong: pods, events, and the ends of all logs. */
export async function tellOf(namespaces: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const namespace of namespaces) {
    const ask = (...args: string[]) => kubectl([...args, "-n", namespace]).catch(String);
    parts.push(`\n=== ${namespace}`);
    parts.push(await ask("get", "pods,jobs", "-o", "wide"));
    parts.push(await ask("get", "events", "--field-selector", "type!=Normal", "--sort-by", ".lastTimestamp"));
    const pods = (await ask("get", "pods", "-o", "name")).split("\n").filter(Boolean);
    for (const pod of pods)
      parts.push(`--- ${pod}`, await ask("logs", pod, "--all-containers", "--tail", "30"));
  }
  return parts.join("\n");
}
