import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Run inside an agent's pod, by stdin, followed by a call: prints where texts stand that are sought, as `<what> in <file>`.
 * It reads what every process there was given (environment and arguments) and every file that the image didn't bring:
 * those of all mounts but the root, the kernel's own left out.
 */
// oxlint-disable-next-line no-unused-vars -- called by what is appended to it
function search(sought: Record<string, string>): void {
  const found = new Set<string>();
  const look = (file: string): void => {
    let text: Buffer;
    try {
      text = readFileSync(file);
    } catch {
      return; // not for us to read, and so not for an agent
    }
    for (const [what, value] of Object.entries(sought))
      if (text.includes(value)) found.add(`${what} in ${file}`);
  };
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    for (const name of ["environ", "cmdline"]) look(`/proc/${pid}/${name}`);
  const kernels = new Set(["proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue", "overlay"]);
  const mounts = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  for (const [, path = "", kind = ""] of mounts) if (path && !kernels.has(kind)) walk(path, look);
  console.log(JSON.stringify([...found]));
}

/** Symbolic links lead to what is found without them. */
function walk(path: string, look: (file: string) => void): void {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (about?.isFile()) return look(path);
  if (!about?.isDirectory()) return;
  for (const name of namesIn(path)) walk(join(path, name), look);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
