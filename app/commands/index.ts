import { command as approve } from "./approve.ts";
import { command as help } from "./help.ts";
import { command as plan } from "./plan.ts";
import { command as replan } from "./replan.ts";
import { command as retry } from "./retry.ts";
import { command as skip } from "./skip.ts";
import { command as start } from "./start.ts";
import { command as status } from "./status.ts";
import { command as stop } from "./stop.ts";

/** Every command, in the order in which `/agent help` and the reference page show them. */
export const commands = [start, plan, replan, approve, status, retry, skip, stop, help] as const;
