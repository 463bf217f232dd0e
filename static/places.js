/* A search for the list of cities in the sign-up form: one types a city or a country. Loaded when the list is opened.
   Without it the list stays as it is. */
const clock = document.querySelector("#clock"), list = clock.querySelector("select");

/** A text without case and accents, as people type it. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Puts a field to type in where the list was, which goes on holding the zone. */
function offerSearch({ label, none, many, comma, places }) {
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
  offers.append(...places.map(([city, country]) => new Option(city === country ? city : city + comma + country)));
  field.value = list.value && list.selectedOptions[0].text.trim();
  named.htmlFor = field.id;
  named.textContent = label;
  list.style.display = "none";
  list.before(field, offers, said);

  const entries = places.map(([city, country, zone]) => ({ zone, city, names: [city, country, city + comma + country].map(plain) }));

  /** The entries that the words mean: by whole name, or else by its beginning. */
  function meant(words) {
    const whole = entries.filter(({ names }) => names.includes(words));
    return whole.length ? whole : entries.filter(({ names }) => names.some((name) => name.startsWith(words)));
  }

  /** Takes what is typed: with `isDone` also a part of a name that can mean one place only. */
  function take(isDone) {
    const words = plain(field.value), found = words ? meant(words) : [];
    const zones = new Set(found.map(({ zone }) => zone));
    said.textContent = !isDone || !words || zones.size === 1 ? "" : zones.size ? many : none;
    if (words && (zones.size !== 1 || (!isDone && !found[0].names.includes(words)))) return;
    const zone = words ? found[0].zone : "";
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
