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

/** Whether leaving the page would lose something that was typed or ticked. */
function isBegun(form) {
  return [...form.elements].some((field) =>
    /^(text|email|textarea)$/.test(field.type) ? field.value : field.checked !== field.defaultChecked);
}

/** Chooses `zone` in a list, which has focus then. */
function choose(list, zone) {
  if (![...list.options].some((option) => option.value === zone)) list.add(new Option(placeOf(zone), zone));
  list.value = zone;
  list.focus();
}

/** Fills the paragraph `offer` with a link to the page in `zone`; in a form that was begun it fills in the zone. */
function offerZone(offer, zone) {
  const { says, show, back } = offer.dataset;
  const link = document.createElement("a");
  const address = new URL(back, location);
  address.searchParams.set("tz", zone);
  link.href = address;
  link.textContent = show.replace("{place}", placeOf(zone));
  link.addEventListener("click", (event) => {
    const list = document.querySelector("select[name=time_zone]");
    if (!list || !isBegun(list.form)) return;
    event.preventDefault();
    choose(list, zone);
  });
  const words = `${says.replace("{place}", placeOf(zone))} `, other = offer.querySelector("a");
  if (other) {
    link.className = "near";
    other.before(words, link, " ");
    other.textContent = offer.dataset.other;
  } else offer.append(words, link);
}

// People who hide where they are have a zone without a place: they are offered nothing.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
if (zone.includes("/") && !zone.startsWith("Etc/")) {
  for (const offer of document.querySelectorAll(".device")) offerZone(offer, zone);
}

// Browsers that hide what somebody reads keep no copies; very old ones could not say how old a copy is.
const { worker } = document.currentScript.dataset;
if (worker && Intl.RelativeTimeFormat) {
  addEventListener("load", () => navigator.serviceWorker?.register(worker).catch(() => {}));
}
