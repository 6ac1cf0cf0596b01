// Rows walked by keys and swiped by thumbs. A row is [data-row]; what names a key in [data-key] is clicked by that key.
(() => {
  const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable=true]";
  const SWIPE = 96;
  const KEPT = "queue-place:";
  const isPhone = matchMedia("(max-width: 767px)");
  let last = 0;
  let following = [];   // the rows after the current one, of which the first still there takes its place
  let shown = "";
  let isWalking = false;

  const isShown = (element) => element.offsetParent !== null && !element.disabled;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(isShown);
  const isBusy = () => document.querySelector("[role=dialog][data-state=open], [role=alertdialog], dialog[open]");
  const wanted = (key) => `[data-key~="${CSS.escape(key)}"]`;

  function current() {
    const marked = () => document.querySelector("[data-row].current") ?? document.querySelector("[data-row].selected");
    return document.activeElement?.closest("[data-row]") ?? marked();
  }

  function mark(row) {
    for (const other of document.querySelectorAll("[data-row].current")) {
      if (other !== row) { other.classList.remove("current"); other.removeAttribute("aria-current"); }
    }
    // What has the focus in another row would otherwise be taken for the current one.
    const focused = document.activeElement?.closest("[data-row]");
    if (focused && focused !== row) row.focus({ preventScroll: true });
    row.classList.add("current");
    row.setAttribute("aria-current", "true");
    last = Math.max(rows().indexOf(row), 0);
    following = rows().slice(last + 1).map((one) => one.dataset.row);
    showBar();
  }

  // The row that takes the place of the one that has gone, by name: rows before it may have gone too.
  function heir(all) {
    return all.find((row) => row.dataset.row === following.find((id) => all.some((one) => one.dataset.row === id)))
      ?? all[Math.min(last, all.length - 1)];
  }

  function go(to) {
    const all = rows();
    if (!all.length) return;
    const row = all[Math.min(Math.max(to, 0), all.length - 1)];
    isWalking = true;
    mark(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    const at = all.indexOf(current());
    go(at < 0 ? all.indexOf(heir(all)) + (step < 0 ? step : 0) : at + step);
  }

  const within = (row, key) => row && [...row.querySelectorAll(wanted(key))].find(isShown);

  function press(key, row = current()) {
    const own = within(row, key);
    const found = own ?? [...document.querySelectorAll(wanted(key))].find((one) => isShown(one) && !one.closest("[data-row]"));
    if (!found) return false;
    if (found.matches("input[type=search]")) { found.focus(); found.select(); return true; }
    if (found.matches("[role=region]")) { found.querySelector("button").focus(); return true; }
    if (row) keep(row);
    if (own?.dataset.movesOn === "yes") {
      const at = rows().indexOf(row);
      found.click();
      if (at + 1 < rows().length) go(at + 1);
    } else {
      found.click();
    }
    return true;
  }

  // The place in the list is kept for the way back from a proforma, by the list's own address.
  function keep(row) {
    sessionStorage.setItem(KEPT + location.pathname + location.search, row.dataset.row);
  }

  function restore() {
    if (!document.querySelector(".queue") || document.querySelector("[data-row].current")) return;
    const here = location.pathname + location.search;
    if (here !== shown) [shown, last, following, isWalking] = [here, 0, [], false];
    const all = rows();
    const kept = all.find((row) => row.dataset.row === sessionStorage.getItem(KEPT + here));
    if (kept) {
      mark(kept);
      kept.scrollIntoView({ block: "center" });
    } else if (all.length && (isPhone.matches || isWalking)) {
      // The next row takes the place of the one that has gone; a thumb's bar always speaks of one.
      const row = heir(all);
      mark(row);
      if (isWalking && document.activeElement === document.body && !isBusy()) row.focus({ preventScroll: true });
    }
  }

  function showBar() {
    const bar = document.querySelector(".thumb-bar");
    if (!bar) return;
    const row = document.querySelector("[data-row].current");
    const name = bar.querySelector("[data-bar-name]");
    // Only what differs is written: the observer below looks at every change.
    if (name.textContent !== (row?.dataset.name ?? "")) name.textContent = row?.dataset.name ?? "";
    for (const button of bar.querySelectorAll("[data-press]")) button.disabled = !within(row, button.dataset.press);
  }

  // What the list shows stands in the address, without a new page for each letter typed into the search.
  function showAddress() {
    const address = document.querySelector("[data-address]")?.dataset.address;
    // The server may have sent the browser to the same page with a slash at its end.
    const path = location.pathname.replace(/\/+$/, "");
    if (!address || path !== address.split("?")[0] || address === path + location.search) return;
    history.replaceState(history.state, "", address);
  }

  isPhone.addEventListener("change", () => { restore(); showBar(); });

  let isDue = false;
  const look = () => { isDue = false; restore(); showBar(); };
  new MutationObserver((changes) => {
    if (changes.some((change) => change.attributeName === "data-address")) showAddress();
    if (isDue || !document.querySelector("[data-row]")) return;
    isDue = true;
    requestAnimationFrame(look);
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-address"] });

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.(FIELDS);
    const typed = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    if (typed && (event.ctrlKey || event.metaKey) && event.key === "Enter") typed.form?.requestSubmit();
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy()) return;
    if (field) {
      // Esc leaves the field; the panel that it stands in is closed by another one, and nothing typed is lost by slip.
      if (event.key === "Escape" && field.matches("[data-key='/']")) field.blur();
      else if (event.key === "Escape") field.closest(".side-panel")?.querySelector("h2").focus();
      return;
    }
    if (event.key.length === 1 && document.documentElement.dataset.letterKeys === "off") return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.matches?.("[data-row]")) {
      event.preventDefault();
      press("o") || press("e");
    } else if (event.key === "?" && document.getElementById("keys")) {
      event.preventDefault();
      document.getElementById("keys").showModal();
    } else if (/^([a-zA-Z/]|Escape)$/.test(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    const keys = document.getElementById("keys");
    if (event.target.closest("[data-opens=keys]")) keys?.showModal();
    if (event.target === keys || event.target.closest("[data-closes=keys]")) keys?.close();
    const pressed = event.target.closest("[data-press]");
    if (pressed) press(pressed.dataset.press, document.querySelector("[data-row].current"));
    const row = event.target.closest("[data-row]");
    if (!row) return;
    mark(row);
    // Enter and Space click as well; whoever uses them walks by keys.
    if (event.isTrusted && event.detail === 0) isWalking = true;
    const own = event.target.closest("a, button, input, label, select, textarea, summary");
    if (own?.matches("a")) keep(row);
    else if (!own && row.dataset.click && getSelection().isCollapsed) within(row, row.dataset.click)?.click();
  });

  // Where the focus goes the mark goes, so that a key acts upon the row that is seen to be the current one.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !row.classList.contains("current")) mark(row);
  });

  let swipe = null;
  const mayGo = (row, x) => row.dataset.swipe === "both" || (row.dataset.swipe === "menu" && x < 0);

  document.addEventListener("touchstart", (event) => {
    const row = event.target.closest("[data-swipe]");
    const touch = event.touches[0];
    swipe = row && event.touches.length === 1 ? { row, x: touch.clientX, y: touch.clientY, by: 0 } : null;
  }, { passive: true });

  document.addEventListener("touchmove", (event) => {
    if (!swipe) return;
    const x = event.touches[0].clientX - swipe.x;
    const y = event.touches[0].clientY - swipe.y;
    if (!swipe.by && Math.abs(y) > Math.abs(x)) { swipe = null; return; }
    if (!mayGo(swipe.row, x)) return;
    swipe.by = x;
    swipe.row.style.transform = `translateX(${Math.max(-140, Math.min(140, x))}px)`;
    swipe.row.dataset.swiped = Math.abs(x) < SWIPE ? "" : x > 0 ? "a" : "m";
  }, { passive: true });

  document.addEventListener("touchend", () => {
    if (!swipe) return;
    const { row } = swipe;
    const key = row.dataset.swiped;
    swipe = null;
    row.style.transform = "";
    delete row.dataset.swiped;
    if (!key) return;
    mark(row);
    press(key, row);
  });
})();
