// src/index.js exports all that src/ offers: a line a file, sorted.
import { readFileSync, readdirSync } from "node:fs";

const lines = readFileSync("src/index.js", "utf8").trim().split("\n");
const files = readdirSync("src").filter((file) => file !== "index.js");
const missing = files.filter((file) => !lines.some((line) => line.endsWith(` from "./${file}";`)));
const stray = lines.length !== files.length || lines.join("\n") !== lines.toSorted().join("\n");

if (missing.length > 0 || stray) {
  const what =
    missing.length > 0 ? `${missing.join(", ")} isn't exported` : "the lines aren't one a file, sorted";
  console.error(`src/index.js:1: ${what}.`);
  process.exit(1);
}
