/**
 * Why runs may not be processes of this machine, as a sentence, or null if they may: a process has the network, and, but for
 * root, the user's own files (GATE.md). A GitHub on this machine is the twin.
 */
export function mayRunHere({ serverUrl, unsafe }: { serverUrl: string; unsafe: boolean }): null | string {
  const host = new URL(serverUrl).hostname;
  const local =
    host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
  if (local || unsafe) return null;
  return (
    `Agents would run as plain processes of this machine on the repositories of ${host}: with an open network and little ` +
    "between them and your files. Use Kubernetes, or, if you trust everyone who can write to those repositories, " +
    "set COXSWAIN_UNSAFE_PROCESS=1."
  );
}
