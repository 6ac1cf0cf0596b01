// The keyboard of the whole portal: the command palette and the menus. Pages add their own keys beside it.
(() => {
  // Keys of one letter are turned off by who speaks to the computer; the page's root says so to everybody.
  const root = document.documentElement;
  const turnLetters = (to) => { localStorage.setItem("letter-keys", to); root.dataset.letterKeys = to; };
  turnLetters(localStorage.getItem("letter-keys") === "off" ? "off" : "on");

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

  // g and a letter go to a page that the viewer's navigation has.
  const PAGES = { t: "/", r: "/review", b: "/billing", i: "/invoices", s: "/submissions", j: "/rejections", c: "/carriers" };
  const FIELDS = "input, textarea, select, [contenteditable=true], dialog[open], [role=dialog]";
  let since = 0;

  function onGoing(event) {
    if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest?.(FIELDS)) return false;
    const isSecond = Date.now() - since < 1500;
    since = event.key === "g" && !isSecond ? Date.now() : 0;
    const found = isSecond && PAGES[event.key] && document.querySelector(`.side a.nav-link[href="${PAGES[event.key]}"]`);
    if (!found) return isSecond && event.key in PAGES;
    found.click();
    return true;
  }

  // What the keyboard leaves is closed, so that it covers nothing; what closes over it gives it back.
  function closeMenus(kept) {
    let closed = false;
    for (const menu of document.querySelectorAll("details.person-menu[open]")) {
      if (kept && menu.contains(kept)) continue;
      const isHere = menu.contains(document.activeElement);
      menu.removeAttribute("open");
      if (isHere) menu.querySelector("summary").focus();
      closed = true;
    }
    return closed;
  }

  document.addEventListener("keydown", (event) => {
    if (root.dataset.letterKeys !== "off" && onGoing(event)) {
      // The letter was the second half of a jump, and no key of the page.
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    } else if (palette()?.open) {
      onPaletteKey(event);
    } else if (event.key === "Escape" && closeMenus()) {
      event.stopImmediatePropagation();
    }
  });

  document.addEventListener("focusin", (event) => closeMenus(event.target));

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-palette-field]")) keepMatchingPages(event.target.value);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens=palette]")) open();
    if (event.target.closest("[data-prints]")) window.print();
    // A click beside the box lands on the dialog itself; one on a result has done its work.
    if (event.target === palette() || event.target.closest("[data-palette-item]")) palette()?.close();
    const letters = event.target.closest("[data-letters]");
    if (letters) {
      turnLetters(letters.dataset.letters);
      letters.parentElement.querySelector(`[data-letters]:not([data-letters=${letters.dataset.letters}])`).focus();
    }
    closeMenus(event.target.closest(".menu-item") ? null : event.target);
  });
})();
