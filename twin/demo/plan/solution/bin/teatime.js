#!/usr/bin/env node
import { brewCard, printDuration, timetable } from "../src/index.js";

const [command, ...names] = process.argv.slice(2);

if (command === "card" && names.length > 0) for (const name of names) console.log(brewCard(name));
else if (command === "timetable" && names.length > 0)
  for (const { name, start } of timetable(names)) console.log(`${printDuration(start)} ${name}`);
else {
  console.error("teatime card <tea>…\nteatime timetable <tea>…");
  process.exitCode = 2;
}
