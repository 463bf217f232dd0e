/* A search for the list of cities in the sign-up form: one types a city or a country. Loaded when the list is opened.
   Without it the list stays as it is. */
const clock = document.querySelector("#clock"), list = clock.querySelector("select");

// Fewer letters mean more than one place: "EST" is no Estonia, "IST" no Istanbul.
const ENOUGH = 4;

/** A text without case, accents and punctuation, as people type it: "st johns" for "St. John’s". */
const plain = (text) => text.normalize("NFD").replace(/[\p{M}'’ʼ`´.]/gu, "").replace(/&/g, " and ").toLowerCase()
  .replace(/[^\p{L}\p{N}]+/gu, " ").replace(/\bsaint\b/g, "st").trim() || text.trim();

/** Puts a field to type in where the list was, which goes on holding the zone. */
function offerSearch({ label, none, many, comma, places, others }) {
  const field = document.createElement("input"), offers = document.createElement("datalist");
  const said = document.createElement("p"), named = clock.querySelector(`label[for="${list.id}"]`);
  field.id = "id_place";
  field.type = "text";
  field.autocomplete = "off";
  offers.id = "places";
  field.setAttribute("list", offers.id);
  said.setAttribute("role", "status");
  said.id = "place_said";
  field.setAttribute("aria-describedby", said.id);
  const whole = ([city, country]) => (city === country ? city : city + comma + country);
  offers.append(...places.map((place) => new Option(whole(place))));
  field.value = list.value && list.selectedOptions[0].text.trim();
  named.htmlFor = field.id;
  named.textContent = label;
  list.style.display = "none";
  list.before(field, offers, said);

  const entries = places.map((place) => {
    const [city, country, zone] = place;
    const names = [city, country, city + comma + country, ...(others[zone] ?? []), ...(others[country] ?? [])];
    return { zone, city, whole: whole(place), names: names.map(plain) };
  });

  /** The entries that the words mean: by a name, or else by its beginning. */
  function meant(words) {
    const named = entries.filter(({ names }) => names.includes(words));
    if (named.length || words.length < ENOUGH) return named;
    return entries.filter(({ names }) => names.some((name) => name.startsWith(words)));
  }

  /** Takes what is typed: with `isDone` also a part of a name that can mean one place only. */
  function take(isDone) {
    const words = plain(field.value), found = words ? meant(words) : [];
    const zones = new Set(found.map(({ zone }) => zone));
    said.textContent = !isDone || !words || zones.size === 1 ? "" : zones.size ? many : none;
    if (words && (zones.size !== 1 || (!isDone && !found[0].names.includes(words)))) return;
    const zone = words ? found[0].zone : "";
    if (words && isDone) field.value = found[0].whole;  // so nobody mistakes San Juan for another one
    if (zone === list.value) return;
    if (![...list.options].some((option) => option.value === zone)) list.add(new Option(found[0].city, zone));
    list.value = zone;
    list.dispatchEvent(new Event("change"));
  }
  field.addEventListener("input", () => take(false));
  field.addEventListener("change", () => take(true));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();  // the form is not sent by choosing a city
    take(true);
  });
}

fetch(clock.dataset.places).then((answer) => answer.json()).then(offerSearch).catch(() => {});
