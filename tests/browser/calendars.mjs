// Reads calendars (a JSON list of texts) from standard input with the parser that the argument names; writes what it
// read as JSON, in the same order.
import { readFileSync } from "node:fs";

const readers = {
  "ical.js": async () => (await import("ical.js")).default.parse,
  "node-ical": async () => (await import("node-ical")).default.sync.parseICS,
};
const read = await readers[process.argv[2]]();
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((text) => read(text))));
