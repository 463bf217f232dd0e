/* Offers the time zone of the visitor's device, and has the program kept for times without internet. Every page works
   without it, and it sends nothing but a form. */
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

/** Chooses `zone` in a list, also one that the list does not offer. */
function choose(list, zone, words) {
  if (![...list.options].some((option) => option.value === zone)) list.add(new Option(words, zone));
  list.value = zone;
}

/** Shows the days of the sign-up form on the clock of `zone`, in the site's own words. What was ticked and typed stays. */
async function showClock(clock, zone, says) {
  const list = clock.querySelector("select");
  choose(list, zone, placeOf(zone));
  const address = new URL(location.pathname, location);
  address.searchParams.set("tz", zone);
  const answer = await fetch(address);
  if (!answer.ok || list.value !== zone) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const place = page.querySelector("#clock option:checked");
  if (zone && !place.value) return;
  choose(list, place.value, place.text.trim());  // today's name of a zone that the device knows by an old one
  for (const when of page.querySelectorAll("#sign-up .choice small")) {
    const row = document.querySelector(`label[for="${when.parentElement.htmlFor}"] small`);
    row?.replaceChildren(...when.childNodes);
  }
  clock.querySelector("summary").replaceChildren(...page.querySelector("#clock summary").childNodes);
  if (zone && says) clock.querySelector(".said").textContent = says.replace("{place}", place.text.trim());
}

/** Uses the device's zone in the sign-up form while none is known, and follows the list of cities. */
function keepClock(clock, zone) {
  const list = clock.querySelector("select");
  const quietly = () => {};  // without the net the zone is sent all the same, and our mails have the hours
  list.addEventListener("change", () => showClock(clock, list.value, "").catch(quietly));
  clock.addEventListener("toggle", () => import(clock.dataset.search).catch(quietly));  // once: it is a module
  if (zone && !list.value) showClock(clock, zone, clock.dataset.device).catch(quietly);
}

/** Sends what was typed along to the sign-up form in another language, as the button for other times does. */
function keepTyped(event) {
  const form = document.querySelector("#sign-up");
  const isTyped = [...form.elements].some(({ type, value, checked, defaultChecked }) =>
    ["text", "email", "textarea"].includes(type) ? value : checked !== defaultChecked);
  if (!isTyped || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const button = Object.assign(document.createElement("button"), {
    name: "places", value: "1", hidden: true, formAction: event.currentTarget.href, formNoValidate: true,
  });
  form.append(button);
  button.click();
  button.remove();  // Enter must not find it when they come back
}

// People who hide where they are have a zone without a place: they are offered nothing.
const named = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const zone = named.includes("/") && !named.startsWith("Etc/") ? named : "";
if (zone) {
  for (const offer of document.querySelectorAll(".device")) offerZone(offer, zone);
}
for (const clock of document.querySelectorAll("#clock")) {
  keepClock(clock, zone);
  for (const link of document.querySelectorAll(".langs a")) link.addEventListener("click", keepTyped);
}

// Private windows keep no copies; very old browsers could not say how old a copy is.
const { worker } = document.currentScript.dataset;
if (worker && Intl.RelativeTimeFormat) {
  addEventListener("load", () => navigator.serviceWorker?.register(worker).catch(() => {}));
}
