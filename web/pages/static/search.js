// Makes searching nicer; everything works without it. Suggestions under each search box (the combobox pattern of the
// ARIA Authoring Practices), sorting as soon as an order is chosen, addresses without empty filters.
(() => {
  "use strict";

  const FACTS = { socket: "socket", chipset: "chipset", vendor: "maker", form_factor: "form factor" };
  const root = document.currentScript.src.replace(/static\/search\.js.*/, "");

  const options = (found) => [
    ...found.facts.map((one) => ({
      text: one.value,
      note: `${FACTS[one.fact] || one.fact}, ${one.boards === 1 ? "1 board" : `${one.boards} boards`}`,
      to: `${root}?${new URLSearchParams({ [one.fact]: one.value })}`,
    })),
    ...found.boards.map((one) => ({
      text: `${one.vendor} ${one.name}`,
      note: "board",
      to: `${root}boards/${one.vendor_slug}/${one.slug}`,
    })),
    ...found.devices.map((one) => ({ text: one.name || one.id, note: one.id, to: `${root}devices/${one.id}` })),
  ];

  const suggest = (input) => {
    const list = document.createElement("ul");
    list.id = `${input.id}-suggestions`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    list.hidden = true;
    input.parentElement.append(list);
    const says = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(says)) input.setAttribute(name, value);

    let chosen = -1, waiting = 0, asked = 0;

    const choose = (place) => {
      chosen = place;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === place)));
      if (place < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", list.children[place].id);
        list.children[place].scrollIntoView({ block: "nearest" });
      }
    };
    const open = (yes) => {
      list.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes));
      if (!yes) choose(-1);
    };
    const show = (found) => {
      // Only text is ever set: what reports say is no markup here either.
      list.replaceChildren(...options(found).map((one, at) => {
        const item = document.createElement("li"), text = document.createElement("bdi"), note = document.createElement("span");
        item.id = `${list.id}-${at}`;
        item.setAttribute("role", "option");
        item.dataset.to = one.to;
        text.textContent = one.text;
        note.textContent = one.note;
        item.append(text, " ", note);
        return item;
      }));
      choose(-1);
      open(list.children.length > 0 && document.activeElement === input);
    };
    const ask = async () => {
      const mine = ++asked, q = input.value.trim();
      if (q.length < 2) return open(false);
      try {
        const answer = await fetch(`${root}api/v1/suggestions?${new URLSearchParams({ q })}`);
        if (answer.ok && mine === asked) show(await answer.json());
      } catch {
        open(false); // Without an answer the box is a plain one.
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 150);
    });
    input.addEventListener("keydown", (event) => {
      const many = list.children.length;
      if (list.hidden) {
        if (event.key === "ArrowDown" && many) open(true);
        return;
      }
      if (event.key === "Escape" || event.key === "Tab") open(false);
      else if (event.key === "ArrowDown") choose((chosen + 1) % many);
      else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : many - 1);
      else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.to);
      else return;
      if (event.key !== "Tab") event.preventDefault();
    });
    input.addEventListener("blur", () => open(false));
    // Before the blur, which would close the list under the pointer.
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item && event.button === 0) location.assign(item.dataset.to);
    });
  };

  document.querySelectorAll("form[role=search] input[type=search]").forEach(suggest);

  const filters = document.getElementById("filters"), sort = document.getElementById("sort");
  if (filters) {
    filters.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
    });
    if (sort) sort.addEventListener("change", () => filters.requestSubmit());
  }

  const tray = document.getElementById("compare");
  if (tray) {
    const boxes = [...document.querySelectorAll('input[form="compare"]')], words = tray.querySelector("span");
    const plain = words.textContent;
    words.setAttribute("aria-live", "polite");
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      words.textContent = ticked ? `${ticked} of up to 4 boards ticked` : plain;
      for (const box of boxes) box.disabled = ticked >= 4 && !box.checked;
    };
    boxes.forEach((box) => box.addEventListener("change", count));
    count();
  }
})();
