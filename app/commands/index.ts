import { command as help } from "./help.ts";
import { command as retry } from "./retry.ts";
import { command as start } from "./start.ts";
import { command as status } from "./status.ts";
import { command as stop } from "./stop.ts";

/** Every command, in the order in which `/agent help` and the reference page show them. */
export const commands = [start, stop, retry, status, help] as const;
