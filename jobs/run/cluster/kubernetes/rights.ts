import type { AuthorizationV1Api, V1ResourceAttributes } from "@kubernetes/client-node";

/** A verb on a resource of the cluster: `create jobs`, `get pods/log`; on the one of that name, or on all. */
type Right = readonly [verb: string, resource: string, name?: string];

/**
 * What this folder does among the agents, whose Jobs are owned by the ServiceAccount `account`, if by one; the chart's Role
 * grants it, and nothing else.
 */
export const neededRights = (account: string | null): Right[] => [
  ...["get", "list", "watch", "create", "patch", "delete"].map((verb) => [verb, "jobs"] as const),
  ...["create", "get"].map((verb) => [verb, "secrets"] as const),
  ...["list", "watch", "delete"].map((verb) => [verb, "pods"] as const),
  ["get", "pods/log"],
  ...["list", "watch"].map((verb) => [verb, "events"] as const),
  ...(account === null ? [] : [["get", "serviceaccounts", account] as const]),
];

/** What somebody who took over the app would want there. */
const NOT_AMONG_AGENTS: Right[] = [
  ["list", "secrets"],
  ["create", "pods"],
  ["create", "pods/exec"],
  ["create", "serviceaccounts/token"],
  ["create", "rolebindings"],
  ["delete", "networkpolicies"],
];

/** And anywhere else. */
const NOWHERE_ELSE: Right[] = [
  ["get", "secrets"],
  ["list", "pods"],
  ["create", "jobs"],
  ["create", "pods"],
  ["create", "clusterrolebindings"],
  ["get", "nodes"],
];

const GROUPS: Record<string, string> = {
  jobs: "batch",
  rolebindings: "rbac.authorization.k8s.io",
  clusterrolebindings: "rbac.authorization.k8s.io",
  networkpolicies: "networking.k8s.io",
};

/**
 * What is wrong with what the app may do, as sentences: too little among the agents, or too much there, in the app's own
 * namespace or in the whole cluster. https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export async function wrongRights(
  api: AuthorizationV1Api,
  { agents, account, own }: { agents: string; account: string | null; own: string },
): Promise<string[]> {
  const ask = async (right: Right, namespace: string, wanted: boolean): Promise<string | null> => {
    const may = await isAllowed(api, right, namespace);
    if (may === wanted) return null;
    const where = namespace === "" ? "in the whole cluster" : `in the namespace ${namespace}`;
    return `The app can${may ? "" : "'t"} ${right.join(" ")} ${where}.`;
  };
  const answers = await Promise.all([
    ...neededRights(account).map((right) => ask(right, agents, true)),
    ...NOT_AMONG_AGENTS.map((right) => ask(right, agents, false)),
    ...NOWHERE_ELSE.flatMap((right) => [own, ""].map((namespace) => ask(right, namespace, false))),
  ]);
  return answers.filter((wrong) => wrong !== null);
}

async function isAllowed(
  api: AuthorizationV1Api,
  [verb, path, name = ""]: Right,
  namespace: string,
): Promise<boolean> {
  const [resource = "", subresource = ""] = path.split("/");
  const resourceAttributes: V1ResourceAttributes = {
    group: GROUPS[resource] ?? "",
    namespace,
    verb,
    resource,
    subresource,
    name,
  };
  const body = { apiVersion: "authorization.k8s.io/v1", spec: { resourceAttributes } };
  const { status } = await api.createSelfSubjectAccessReview({ body });
  return status?.allowed ?? false;
}
