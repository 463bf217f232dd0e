/* Keeps copies of the program's pages on the device, to read them without internet, each with its age.

   Kept is what PAGES names, with the style sheet, and nothing else. All other pages pass through unseen. Why it is so:
   docs/decisions/0007-the-program-can-be-read-offline.md */
"use strict";

const COPIES = "pxp-VERSION"; // conference/views/offline.py fills it in: another worker, other copies
const OFFLINE = "/offline/"; // has the notice on top of copies, and replaces pages that are not kept
const LANGUAGE = /^(\/(LANGUAGES)(?=\/))?/; // how an address begins that is not in the site's own language
const PAGES = /^(\/(LANGUAGES))?(\/2\d{3})?\/(program\/(day-\d+\/|sessions\/[\w-]+\/)?|easy-read\/program\/|offline\/)$/;
const AROUND = /^(\/(LANGUAGES))?(\/2\d{3})?\/(program\/(day-\d+\/)?|offline\/)$/; // kept unvisited, when a kept page links there
const STYLE = /\/site(\.\w+)?\.css$/;
const ASKED = ["tz", "text", "spacing", "contrast", "font"]; // what in a query makes another page
const MOST_PAGES = 100;
const MOST_STYLES = 5;
const KEPT_AT = "Kept-At"; // header of a copy: by the device's clock, in milliseconds, to show the right age
const RECENT = 24 * 60 * 60_000; // milliseconds
const PATIENCE = 5_000; // milliseconds that a poor line may take

/** The path of an address, and its query. */
function partsOf(address) {
  const { pathname, search } = new URL(address, location);
  return [pathname, search];
}

/** The address under which a page is kept, or "" where a page must not be kept. */
function addressOf(href) {
  const { origin, pathname, searchParams } = new URL(href, location);
  if (origin !== location.origin || !PAGES.test(pathname)) return "";
  const query = new URLSearchParams([...searchParams].filter(([name]) => ASKED.includes(name))).toString();
  return query ? `${pathname}?${query}` : pathname;
}

/** How an address begins that is not in the site's own language: "/fr", else "". */
const languageOf = (address) => partsOf(address)[0].match(LANGUAGE)[0];

/** The offline page in the language of an address, or else in the site's own, in this zone and look if it is kept so. */
async function offlineOf(copies, href) {
  const path = languageOf(href) + OFFLINE;
  return (await copies.match(addressOf(path + partsOf(href)[1]))) ?? (await copies.match(path)) ?? copies.match(OFFLINE);
}

/** When a copy was made, in milliseconds. */
const timeOf = (copy) => Number(copy.headers.get(KEPT_AT));

// --- Keeping ---

/** Keeps a page, and the style sheet that it needs. Returns its words. Throws when the answer is no page of ours. */
async function keep(address, answer) {
  const copies = await caches.open(COPIES);
  const words = await answer.text();
  const [, style] = words.match(/<link rel="stylesheet" href="([^"]+)"/);
  if (!answer.ok || answer.redirected || !STYLE.test(style)) throw new Error("not a page to keep");
  if (!(await copies.match(style))) await copies.add(style);
  const headers = new Headers(answer.headers); // with the security policy; not what tells of how it came
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set(KEPT_AT, Date.now());
  await copies.put(address, new Response(words, { headers }));
  await prune(copies, PAGES, MOST_PAGES);
  await prune(copies, STYLE, MOST_STYLES);
  return words;
}

/** Lets the oldest copies of a kind go. */
async function prune(copies, kind, most) {
  const isNeeded = (url) => partsOf(url).join("") === languageOf(url) + OFFLINE;
  const kept = (await copies.keys()).filter(({ url }) => kind.test(partsOf(url)[0]) && !isNeeded(url));
  for (const old of kept.slice(0, -most)) await copies.delete(old);
}

/** Keeps a page, and what is around it: the program, its days and the offline page, in the same language, zone and look. */
async function keepAround(address, answer) {
  const words = await keep(address, answer);
  if (navigator.connection?.saveData) return;
  const copies = await caches.open(COPIES);
  for (const [, href] of words.matchAll(/\shref="([^"]+)"/g)) {
    const next = addressOf(href.replaceAll("&amp;", "&"));
    const [path, query] = partsOf(next);
    const isAlike = query === partsOf(address)[1] && languageOf(next) === languageOf(address);
    if (!next || !AROUND.test(path) || !isAlike) continue;
    const copy = await copies.match(next);
    if (!copy || Date.now() - timeOf(copy) > RECENT) await fetchAndKeep(next).catch(() => {});
  }
}

async function fetchAndKeep(address) {
  await keepAround(address, await fetch(address, { cache: "no-cache" }));
}

/** Brings the copy of a page up to date with an answer that came for it. What is taken from the site, goes here too. */
async function renew(address, answer) {
  if (![404, 410].includes(answer.status)) return keepAround(address, answer);
  await (await caches.open(COPIES)).delete(partsOf(address)[0], { ignoreSearch: true });
}

// --- Showing ---

/** How long ago a time was, in words: "3 hours ago". */
function agoWords(time, language) {
  const words = new Intl.RelativeTimeFormat(language);
  const minutes = Math.max(1, Math.round((Date.now() - time) / 60_000));
  if (minutes < 90) return words.format(-minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 36 ? words.format(-hours, "hour") : words.format(-Math.round(hours / 24), "day");
}

/** A time on the device's clock: "Thursday 26 November 2026 at 14:05". */
function dateWords(time, language) {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", hourCycle: "h23" });
  return `<time datetime="${new Date(time).toISOString()}">${format.format(time)}</time>`;
}

/** The kept pages in one language as list items, this year's first. Of a page that is kept in many ways it is the newest. */
async function listed(copies, language, prefix) {
  const newest = new Map((await copies.keys()).map(({ url }) => [partsOf(url)[0], partsOf(url).join("")]));
  const paths = [...newest.keys()].filter((path) => PAGES.test(path) && !path.endsWith(OFFLINE) && languageOf(path) === prefix);
  const yearOf = (path) => (path.match(/^(?:\/[a-z-]+)?\/(2\d{3})\//) ?? ["", ""])[1];
  const rankOf = (path) => yearOf(path) || 9999;
  paths.sort((one, other) => rankOf(other) - rankOf(one) || one.localeCompare(other, language, { numeric: true }));
  const items = paths.map(async (path) => {
    const copy = await copies.match(newest.get(path));
    const [, title] = (await copy.text()).match(/<title>(.*?)(?: – [^–]*)?<\/title>/s);
    const link = `<a class="onward" href="${newest.get(path).replaceAll("&", "&amp;")}">${yearOf(path)} ${title}</a>`;
    return `<li>${link}<br><span class="soft">${agoWords(timeOf(copy), language)}</span></li>`;
  });
  return (await Promise.all(items)).join("");
}

/** A kept page with words on top that say what it is: a "copy" of what was asked for, or the "page" shown instead. */
async function shown(copies, copy, what, href) {
  const said = await (await offlineOf(copies, href)).text();
  const [, title, language, notice] = said.match(new RegExp(
    `<template id="${navigator.onLine ? "silent" : "offline"}-${what}" data-title="(.*?)"\\s+lang="(.*?)">(.*?)</template>`, "s"));
  const time = timeOf(copy);
  const onTop = notice.replace("{when}", dateWords(time, language)).replace("{ago}", agoWords(time, language));
  const list = await listed(copies, language, languageOf(href));
  const words = (await copy.text())
    .replace("<title>", (start) => `${start}${title} `)
    .replace('<div class="wrap page">', (start) => start + onTop)
    .replace(/(\sid="kept">).*?(?=<\/ul>)/s, (_all, start) => start + list);
  return new Response(words, { status: what === "copy" ? 200 : 503, headers: copy.headers });
}

/** What is shown for a page that could not be loaded and is not kept. */
async function standIn(href) {
  const copies = await caches.open(COPIES);
  return shown(copies, await offlineOf(copies, href), "page", href);
}

/** The kept copy of a page, or of the same page in another time zone or look, or nothing. */
async function copyOf(address) {
  const copies = await caches.open(COPIES);
  const [path] = partsOf(address);
  const copy = (await copies.match(address)) ?? (await copies.match(path)) ?? (await copies.match(path, { ignoreSearch: true }));
  return copy && shown(copies, copy, "copy", address);
}

// --- What the browser asks ---

/** The answer to what is asked, or nothing if none comes in time. */
const inTime = (asked) => Promise.race([asked.catch(() => {}), new Promise((done) => setTimeout(done, PATIENCE))]);

/** The page as it is now, if it comes in time; else its copy; without a copy it has all the time that it needs. */
async function page(asked, address) {
  const answer = await inTime(asked);
  if (answer && answer.status < 500) return answer;
  return (await copyOf(address)) ?? asked.catch(() => standIn(address));
}

async function style(asked, address) {
  return (await inTime(asked)) ?? (await caches.match(address)) ?? asked;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = addressOf(request.url);
  if (request.mode === "navigate" && address) {
    const asked = fetch(request.url, { cache: "no-cache", redirect: "manual" });
    event.waitUntil(asked.then((answer) => renew(address, answer.clone())).catch(() => {}));
    event.respondWith(page(asked, address));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => standIn(request.url)));
  } else if (STYLE.test(request.url)) {
    event.respondWith(style(fetch(request), request.url));
  }
});

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(install());
});

/** Keeps the words of the notices, without which nothing works, then what is open now, and what was kept before. */
async function install() {
  await keep(OFFLINE, await fetch(OFFLINE, { cache: "no-cache" }));
  const open = await clients.matchAll({ includeUncontrolled: true });
  const old = await Promise.all((await oldNames()).map(async (name) => (await caches.open(name)).keys()));
  const kept = old.flat().filter(({ url }) => AROUND.test(partsOf(url)[0]) && partsOf(url).join("") !== OFFLINE);
  for (const address of new Set([...open, ...kept].map(({ url }) => addressOf(url)))) {
    if (address) await fetchAndKeep(address).catch(() => {});
  }
}

addEventListener("activate", (event) => event.waitUntil(removeOld()));

/** The copies of other versions of this worker. */
async function oldNames() {
  return (await caches.keys()).filter((name) => name.startsWith("pxp-") && name !== COPIES);
}

async function removeOld() {
  await Promise.all((await oldNames()).map((name) => caches.delete(name)));
}
