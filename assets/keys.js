// The keyboard of the whole portal: the command palette and the menus. Pages add their own keys beside it.
(() => {
  const palette = () => document.getElementById("palette");
  const isShown = (item) => item.offsetParent !== null;
  const items = () => [...palette().querySelectorAll("[data-palette-item]")].filter(isShown);

  function open() {
    const dialog = palette();
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const field = dialog.querySelector("[data-palette-field]");
    field.select();
    field.focus();
  }

  function move(step) {
    const stops = [palette().querySelector("[data-palette-field]"), ...items()];
    const at = stops.indexOf(document.activeElement);
    stops[(at + step + stops.length) % stops.length].focus();
  }

  function keepMatchingPages(text) {
    const wanted = text.trim().toLowerCase();
    for (const page of palette().querySelectorAll("[data-palette-page]")) {
      page.closest("li").hidden = wanted !== "" && !page.dataset.palettePage.includes(wanted);
    }
  }

  function onPaletteKey(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.matches("[data-palette-field]")) {
      event.preventDefault();
      items()[0]?.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    } else if (palette()?.open) {
      onPaletteKey(event);
    } else if (event.key === "Escape") {
      document.querySelectorAll("details.person-menu[open]").forEach((menu) => menu.removeAttribute("open"));
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-palette-field]")) keepMatchingPages(event.target.value);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens=palette]")) open();
    // A click beside the box lands on the dialog itself; one on a result has done its work.
    if (event.target === palette() || event.target.closest("[data-palette-item]")) palette()?.close();
    for (const menu of document.querySelectorAll("details.person-menu[open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });
})();
