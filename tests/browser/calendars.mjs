// Reads a calendar from standard input with the parser that the argument names; writes what it read as JSON.
import { readFileSync } from "node:fs";

const text = readFileSync(0, "utf8");
const readers = {
  "ical.js": async () => (await import("ical.js")).default.parse(text),
  "node-ical": async () => (await import("node-ical")).default.sync.parseICS(text),
};
console.log(JSON.stringify(await readers[process.argv[2]]()));
