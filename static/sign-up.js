/* In the sign-up form: hours on the clock of the device, and what was typed when another language is chosen. The form
   works without it. */
"use strict";

/** Chooses `zone` in a list, also one that the list does not offer. */
function choose(list, zone, words) {
  if (![...list.options].some((option) => option.value === zone)) list.add(new Option(words, zone));
  list.value = zone;
}

/** Shows the days of the sign-up form on the clock of `zone`, in the site's own words. What was ticked and typed stays. */
async function showClock(clock, zone, says) {
  const list = clock.querySelector("select");
  choose(list, zone, zone.split("/").pop());  // until the answer has its name
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
const clock = document.querySelector("#clock");
keepClock(clock, zone);
for (const link of document.querySelectorAll(".langs a")) link.addEventListener("click", keepTyped);
