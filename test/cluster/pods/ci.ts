import { startCi } from "../../../twin/demo/ci.ts";
import { PLAYS } from "../../../twin/demo/plays.ts";

/** The demo's small CI as a pod, for every repository that it is installed on: `node ci.ts OPTIONS`, in JSON. */
const known = JSON.parse(process.argv[2] ?? "{}") as {
  api: string;
  web: string;
  appId: number;
  privateKey: string;
  secret: string;
};

await startCi({
  ...known,
  // A repository without a changelog has no check for it.
  jobs: PLAYS.task.jobs.map((job) =>
    job.name === "changelog" ? { ...job, command: ["npm", "run", "-s", "--if-present", "changelog"] } : job,
  ),
  listen: { host: "0.0.0.0", port: 8080 },
  ended: (check) => console.log(JSON.stringify(check)),
});
