// Counts as filters change, and lets the page that counts move by itself. Without it there are buttons for both.
"use strict";

async function takeFrom(url, selector) {
  const answer = await fetch(url, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(selector);
  const old = document.querySelector(selector);
  if (answer.ok && fresh && old) old.replaceWith(fresh);
  return page;
}

const form = document.querySelector("form[data-counts]");
let waits;
form?.addEventListener("change", () => {
  clearTimeout(waits);
  waits = setTimeout(() => {
    const filters = new URLSearchParams(new FormData(form));
    filters.delete("csrfmiddlewaretoken");
    filters.set("count", "1");
    takeFrom(`?${filters}`, form.dataset.counts);
  }, 300);
});

async function lookAgain() {
  const progress = document.querySelector("[data-looks-again]");
  if (!progress) return;
  const focused = progress.contains(document.activeElement);
  if (!focused && !document.hidden) {
    const page = await takeFrom(location.href, "#progress");
    const head = page.querySelector(".page-head");
    const title = document.querySelector(".page-head");
    if (head && title && head.textContent !== title.textContent) title.replaceWith(head);
    document.title = page.title;
  }
  setTimeout(lookAgain, 3000);
}
setTimeout(lookAgain, 3000);
