// Click a slot of the drawn board to write its name into a card's field. Everything works without this.
"use strict";
(() => {
  const fields = [...document.querySelectorAll("[data-slot-field]")];
  const slots = [...document.querySelectorAll("a[data-slot]")].filter((slot) => slot.dataset.slot);
  if (!fields.length || !slots.length) return;
  let chosen = null;
  const choose = (field) => {
    chosen = field;
    for (const one of fields) one.closest("tr").classList.toggle("chosen", one === field);
  };
  for (const field of fields) field.addEventListener("focus", () => choose(field));
  const write = (event) => {
    const slot = event.currentTarget;
    const field = chosen || fields.find((one) => !one.value);
    if (!field) return;
    event.preventDefault();
    field.value = slot.dataset.slot;
    const next = fields.slice(fields.indexOf(field) + 1).find((one) => !one.value);
    choose(next || null);
    said.textContent = `${slot.dataset.slot} is written beside ${field.labels[0].textContent}.`;
  };
  for (const slot of slots) slot.addEventListener("click", write);
  const said = document.querySelector("[data-slot-hint]");
  said.textContent = "Choose a card in the list, then click its slot here.";
})();
