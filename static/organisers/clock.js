// Proposes the zone of the device where the organiser has chosen none. Without script the list stays as it is.
for (const list of document.querySelectorAll("[data-own-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!list.value && [...list.options].some((option) => option.value === zone)) list.value = zone;
}
