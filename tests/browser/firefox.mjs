// Firefox for tests/engines/windows.py: each line in, [action, argument], is answered by one line: {value} or {error}.
// Arguments: the browser's file, and "dark" or "light".
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [executablePath, scheme] = process.argv.slice(2);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  extraPrefsFirefox: {
    "intl.accept_languages": "en", // no country's English, or the form would guess that country
    "ui.prefersReducedMotion": 1, // as in Chromium's tests: no colour is on its way to another when it is measured
    // The ESR has no command yet that changes it while it runs (emulation.setMediaFeaturesOverride).
    "layout.css.prefers-color-scheme.content-override": scheme === "dark" ? 0 : 1,
  },
});
const page = await browser.newPage();

const actions = {
  version: () => browser.version(),
  goto: async (url) => { await page.goto(url); },
  press: (key) => page.keyboard.press(key === "Space" ? " " : key),
  replace: async (words) => {
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.type(words);
  },
  evaluate: (code) => page.evaluate(code),
  resize: ([width, height]) => page.setViewport({ width, height }),
  photograph: async (path) => { await page.screenshot({ path, fullPage: true }); },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [action, argument] = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await actions[action](argument)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await browser.close();
