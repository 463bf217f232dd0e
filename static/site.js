/* Offers the time zone of the visitor's device, and has the program kept for times without internet. Every page works
   without it, and it sends nothing. */
"use strict";

// CLDR, and so every browser, keeps these names for places that are called otherwise today.
const TODAY = {
  Asmera: "Asmara", Calcutta: "Kolkata", Coral_Harbour: "Atikokan", Enderbury: "Kanton", Faeroe: "Faroe",
  Godthab: "Nuuk", Katmandu: "Kathmandu", Kiev: "Kyiv", Ponape: "Pohnpei", Rangoon: "Yangon", Saigon: "Ho Chi Minh",
  Truk: "Chuuk",
};

/** The place that an IANA zone is named after, as people say it. */
function placeOf(zone) {
  const last = zone.split("/").pop();
  return (TODAY[last] ?? last).replaceAll("_", " ");
}

/** The nodes of `words` with the place of `zone` in them, whose name is English on every page. */
function withPlace(words, zone) {
  const [before, after] = words.split("{place}");
  const place = Object.assign(document.createElement("bdi"), { lang: "en", textContent: placeOf(zone) });
  return [before, place, after];
}

/** Fills the paragraph `offer` with a link to the page in `zone`. */
function offerZone(offer, zone) {
  const { says, show, back } = offer.dataset;
  const link = document.createElement("a");
  const address = new URL(back, location);
  address.searchParams.set("tz", zone);
  link.href = address;
  link.append(...withPlace(show, zone));
  const other = offer.querySelector("a");
  if (other) {  // beside the hours in UTC; two lines also on a small phone, and new links, so nothing jumps
    const again = other.cloneNode();
    link.className = "near";
    again.textContent = offer.dataset.other;
    other.replaceWith(link, " ", again);
  } else offer.append(...withPlace(says, zone), " ", link);
}

// People who hide where they are have a zone without a place: they are offered nothing.
const named = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const zone = named.includes("/") && !named.startsWith("Etc/") ? named : "";
if (zone) {
  for (const offer of document.querySelectorAll(".device")) offerZone(offer, zone);
}

// Private windows keep no copies; very old browsers could not say how old a copy is.
const { worker } = document.currentScript.dataset;
if (worker && Intl.RelativeTimeFormat) {
  addEventListener("load", () => navigator.serviceWorker?.register(worker).catch(() => {}));
}
