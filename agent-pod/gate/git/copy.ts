import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { PushRules } from "./rules.ts";
import { RULES_FILE } from "./rules.ts";

/** What a throw-away copy is made of. */
export interface CopyParts {
  /** The mirror whose objects it shares. */
  mirror: string;
  /** All refs that it has: a commit by its ref's full name. */
  refs: ReadonlyMap<string, string>;
  /** What its hook judges by; null: nothing is pushed there. */
  rules: PushRules | null;
  /** Bytes that one push may have. */
  pushBytes: number;
}

/** Makes a throw-away bare repository that takes one push. Returns its folder in `dir`, which the caller removes. */
export async function makeCopy(dir: string, { mirror, refs, rules, pushBytes }: CopyParts): Promise<string> {
  await mkdir(dir, { recursive: true });
  const copy = await mkdtemp(join(dir, "push-"));
  for (const folder of ["objects/info", "refs", "hooks"])
    await mkdir(join(copy, folder), { recursive: true });
  const files = {
    HEAD: "ref: refs/heads/none\n",
    config: config(pushBytes),
    "objects/info/alternates": `${mirror}/objects\n`,
    "packed-refs": [...refs].map(([ref, sha]) => `${sha} ${ref}\n`).join(""),
    [RULES_FILE]: JSON.stringify(rules),
    "hooks/pre-receive": '#!/bin/sh\nexec "$GATE_NODE" --max-old-space-size=512 "$GATE_JUDGE"\n',
    "hooks/pre-push": PRE_PUSH,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(copy, name), text);
  for (const hook of ["pre-receive", "pre-push"]) await chmod(join(copy, "hooks", hook), 0o755);
  return copy;
}

// `git push` asks this once GitHub has shown its refs, and before it sends anything: exactly the judged step is taken, or none.
const PRE_PUSH = `#!/bin/sh
while read -r _ _ _ old; do
  if [ "$old" != "$GATE_OLD" ]; then
    echo "(stale info)" >&2
    exit 1
  fi
done
`;

// alternateRefsPrefixes: other runs' branches in the mirror are nobody's business.
// unpackLimit: always one pack, which the hook can check. fsckObjects isn't set because it can't work here: it also demands
// that every file a pushed tree names is there, and a blobless copy hasn't got them. The hook does the rest of what it does.
function config(pushBytes: number): string {
  return `[core]
	bare = true
	alternateRefsPrefixes = refs/none/
	bigFileThreshold = 16m
	fsync = none
[pack]
	threads = 1
[receive]
	maxInputSize = ${pushBytes}
	denyNonFastForwards = true
	denyDeletes = true
	advertisePushOptions = false
	unpackLimit = 1
	autogc = false
[gc]
	auto = 0
`;
}
