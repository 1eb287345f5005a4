import { expect, test } from "vitest";

import { LINE_BYTES, parseLine, RUN_BYTES } from "../contract/lines.ts";
import { printer } from "./printer.ts";

test("every line is numbered, within its bytes, and one that the other side reads", () => {
  const printed: string[] = [];
  const print = printer((line) => printed.push(line));
  print.step("s".repeat(9_000));
  print.said("\u0000".repeat(9_000));
  print.tool("🚣".repeat(9_000));
  print.answer("rc1", "é".repeat(9_000));
  print.said("  ");
  expect(printed.map((line) => parseLine(line)?.n)).toEqual([0, 1, 2, 3]);
  expect(Math.max(...printed.map((line) => Buffer.byteLength(line) - 1))).toBeLessThanOrEqual(LINE_BYTES);
});

test("talk ends before the run's bytes do, which is said once; 200 answers and steps still come through", () => {
  let bytes = 0;
  const printed: string[] = [];
  const print = printer((line) => {
    bytes += Buffer.byteLength(line);
    printed.push(line);
  });
  for (let i = 0; i < 3_000; i += 1) print.said("x".repeat(6_000));
  for (let i = 0; i < 200; i += 1) print.answer(`rc${i}`, "\u0000".repeat(4_000));
  print.step("pushed");
  const lines = printed.map((line) => parseLine(line));
  expect(lines.filter((line) => line?.kind === "answer")).toHaveLength(200);
  expect(lines.filter((line) => line?.text.includes("log is full"))).toHaveLength(1);
  expect(lines.at(-1)).toMatchObject({ kind: "step", text: "pushed" });
  expect(bytes).toBeLessThan(RUN_BYTES);
});
