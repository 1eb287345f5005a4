import type { Printer } from "./printer.ts";
import { tailOf } from "./text.ts";

const EVERY_MS = 1_000;
const BATCH_CHARS = 4_000;

/** Prints a command's output as it comes, a batch a second: of a flood, only each batch's end. */
export function pacedOutput(printer: Printer): { add: (text: string) => void; end: () => void } {
  let batch = "";
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const text = tailOf(batch, BATCH_CHARS);
    batch = "";
    if (text !== "") printer.said(text);
  };
  return {
    add: (text) => {
      batch = (batch + text).slice(-2 * BATCH_CHARS);
      timer ??= setTimeout(flush, EVERY_MS);
    },
    end: flush,
  };
}
