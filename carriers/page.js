// Looks at the page for carriers/browser.py. arguments[0] names the question, the rest are its arguments.
const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();
const visible = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== "hidden";
const nameOf = (el) => {
  const pointed = (el.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)).filter(Boolean).map((n) => n.textContent).join(" ");
  const label = el.labels && el.labels.length ? el.labels[0].textContent : "";
  const own = /^(a|button|h[1-6]|option|summary)$/i.test(el.tagName) ? el.textContent : "";
  const face = el.tagName === "INPUT" && /^(submit|button)$/.test(el.type) ? el.value : "";
  return squeeze(el.getAttribute("aria-label") || pointed || label || own || face || el.alt || el.title || el.placeholder);
};
const roles = {
  button: "button, input[type=submit], input[type=button], summary", link: "a[href]", checkbox: "input[type=checkbox]", radio: "input[type=radio]",
  textbox: "textarea, input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=url], input[type=password]",
  searchbox: "input[type=search]", combobox: "select:not([multiple])", listbox: "select[multiple]", option: "option", heading: "h1, h2, h3, h4, h5, h6",
};
const hasRole = (el, role) => el.getAttribute("role") === role || (!el.hasAttribute("role") && !!roles[role] && el.matches(roles[role]));
const byName = (root, wanted) => {
  const [, name, role] = /^(.*?)(?:\[role="(\w+)"\])?$/.exec(wanted);
  return [...root.querySelectorAll("*")].filter((el) => nameOf(el) === squeeze(name) && (!role || hasRole(el, role)));
};
const byText = (root, wanted) => {
  const has = [...(root.body || root).querySelectorAll("*")].filter((el) => squeeze(el.innerText).includes(wanted));
  return has.filter((el) => ![...el.children].some((child) => has.includes(child)));
};
const byPath = (root, path) => {
  const found = (root.ownerDocument || root).evaluate(path, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
  return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i));
};
const rootsBelow = (root) => [root, ...[...root.querySelectorAll("*")].filter((el) => el.shadowRoot).flatMap((el) => rootsBelow(el.shadowRoot))];
const matchesIn = (root, selector) => {
  if (selector.startsWith("text/")) return byText(root, squeeze(selector.slice(5)));
  if (selector.startsWith("aria/")) return byName(root, selector.slice(5));
  if (selector.startsWith("xpath/")) return byPath(root, selector.slice(6));
  if (selector.startsWith("pierce/")) return rootsBelow(root).flatMap((one) => [...one.querySelectorAll(selector.slice(7))]);
  return [...root.querySelectorAll(selector)];
};
// Each part after " >>> " is looked for inside the shadow roots of what the part before met.
const everyMatch = (selector, from) => selector.split(" >>> ").reduce((roots, part, place) => {
  const inside = place ? roots.map((el) => el.shadowRoot).filter(Boolean) : roots;
  return inside.flatMap((root) => matchesIn(root, part));
}, from);
const all = (selector, from = [document]) => {
  try { return everyMatch(selector, from); } catch (unreadable) { return []; }
};
// The page and every frame of it that may be read: a picture shows them all, whichever is worked in.
const documents = () => {
  const found = [];
  const visit = (one) => {
    try {
      found.push(one.document);
      for (let i = 0; i < one.frames.length; i += 1) visit(one.frames[i]);
    } catch (foreign) { /* another site's frame */ }
  };
  visit(window.top);
  return found.includes(document) ? found : [document];
};
const says = (el, texts) => !texts.length || texts.some((t) => squeeze(el.innerText).toLowerCase().includes(squeeze(t).toLowerCase()));
const match = (target) => {
  const selectors = target.selectors.length ? target.selectors : ["body"];
  for (const selector of selectors) {
    const found = all(selector).filter((el) => (target.hidden_too || visible(el)) && says(el, target.texts));
    if (found.length) return [found[0], selector, found.length, squeeze(found[0].innerText || found[0].value)];
  }
  return null;
};
const cell = (row, column) => {
  const [css, attribute] = column.split("@");
  const el = css ? row.querySelector(css) : row;
  if (!el) return "";
  return attribute ? el.getAttribute(attribute) || "" : squeeze(el.innerText);
};
const secrets = (masked) => ["pierce/input[type=password]", "pierce/[autocomplete=one-time-code]", ...masked].flatMap((one) => all(one));
// Rows of the site's lists that show another number than the one to keep; all of them where the page shows such a list.
const otherRows = (tables, keep) => {
  const mine = new Set();
  const others = new Set();
  for (const [selectors, column] of tables) {
    for (const page of documents()) {
      const rows = selectors.flatMap((selector) => all(selector, [page]));
      const numbers = new Map(rows.map((row) => [row, "covered" in row.dataset ? null : cell(row, column)]));
      if (![...numbers.values()].some((number) => number !== "")) continue;
      for (const [row, number] of numbers) (keep && number === keep ? mine : others).add(row);
    }
  }
  return [...others].filter((row) => !mine.has(row));
};
const cover = (el) => {
  el.dataset.covered = el.getAttribute("style") || "";
  for (const [name, value] of [["visibility", "hidden"], ["opacity", "0"], ["transition", "none"]]) el.style.setProperty(name, value, "important");
};
const depth = () => { let levels = 0; for (let w = window; w !== w.parent; w = w.parent) levels += 1; return levels; };
// The places of things are in thousandths of the picture; a file field behind a drop zone is where its zone is.
const placeOf = (el) => {
  let seen = el;
  while (seen && !visible(seen)) seen = seen.parentElement;
  if (!seen) return null;
  const box = seen.getBoundingClientRect();
  let [x, y] = [box.x, box.y];
  let view = seen.ownerDocument.defaultView;
  try {
    for (; view !== view.parent; view = view.parent) {
      const frame = view.frameElement;
      const edge = frame.getBoundingClientRect();
      x += edge.x + frame.clientLeft;
      y += edge.y + frame.clientTop;
    }
  } catch (foreign) { return null; }
  const part = (length, whole) => Math.round((1000 * length) / whole);
  return [part(x, view.innerWidth), part(y, view.innerHeight), part(box.width, view.innerWidth), part(box.height, view.innerHeight)];
};
const framesOf = (page) => {
  const names = [];
  try {
    for (let view = page.defaultView; view !== view.parent; view = view.parent) names.unshift(view.frameElement.name || view.frameElement.id || "frame");
  } catch (foreign) { /* another site's frame */ }
  return names.join("/");
};
const pathOf = (address, page) => { try { return new URL(address, page.baseURI).pathname; } catch (unreadable) { return ""; } };
// Old pages label a field by the cell before it.
const cellBefore = (el) => { const own = el.closest("td, dd"); return own && own.previousElementSibling ? squeeze(own.previousElementSibling.innerText) : ""; };
const isDataRow = (row) => {
  const table = row.closest("table");
  return !row.querySelector("th, input[type=file], input[type=password]") && !row.closest("thead") && !!(table && table.querySelector("th"));
};
const partOf = (el, page) => {
  const common = { name: el.getAttribute("name") || "", id: el.id, frame: framesOf(page), place: placeOf(el) };
  const tag = el.tagName.toLowerCase();
  if (tag === "form") return { ...common, kind: "form", type: "form", target: `${el.method} ${pathOf(el.getAttribute("action") || "", page)}`, label: "" };
  if (/^i?frame$/.test(tag)) return { ...common, kind: "frame", type: "frame", target: pathOf(el.getAttribute("src") || "", page), label: el.title };
  const isButton = tag === "button" || /^(submit|button|image|reset)$/.test(el.type) || el.getAttribute("role") === "button";
  const words = nameOf(el) || (isButton ? squeeze(el.innerText) : cellBefore(el));
  return { ...common, kind: isButton ? "button" : "field", type: isButton ? "button" : tag === "input" ? el.type : tag, target: "", label: words };
};
const questions = {
  look(targets) {
    const navigation = performance.getEntriesByType("navigation")[0];
    const failed = location.protocol === "chrome-error:";
    const ready = document.body && !failed;
    return [depth(), failed ? "" : location.href, (navigation && navigation.responseStatus) || 0, failed, targets.map((t) => (ready ? match(t) : null))];
  },
  rows(selectors, columns) {
    for (const selector of selectors) {
      const rows = all(selector).filter(visible);
      if (rows.length) return rows.map((row) => Object.fromEntries(Object.entries(columns).map(([k, c]) => [k, cell(row, c)])));
    }
    return [];
  },
  source() {
    return [performance.timeOrigin, document.documentElement.outerHTML];
  },
  // What the page is made of, and what selectors meet in the frame that is worked in; rows of data are left out.
  survey(dataRows, selectors) {
    const parts = documents().flatMap((page) => {
      const data = new Set(dataRows.flatMap((selector) => all(selector, [page])));
      const isData = (el) => { for (let at = el; at; at = at.parentElement) if (data.has(at) || (at.tagName === "TR" && isDataRow(at))) return true; return false; };
      const found = all("pierce/form, iframe, frame, input:not([type=hidden]), select, textarea, button, [role=button]", [page]);
      return found.filter((el) => (el.type === "file" || visible(el)) && !isData(el)).map((el) => partOf(el, page));
    });
    return [parts, selectors.map((selector) => { const met = all(selector); return [met.length, met.length ? placeOf(met[0]) : null]; })];
  },
  user_agent() {
    return navigator.userAgent;
  },
  uncover(tables = [], keep = "") {
    const whole = otherRows(tables, keep).every((row) => "covered" in row.dataset);
    for (const el of documents().flatMap((page) => all("pierce/[data-covered]", [page]))) {
      if (el.dataset.covered) el.setAttribute("style", el.dataset.covered); else el.removeAttribute("style");
      delete el.dataset.covered;
    }
    return whole;
  },
  html_and_cover(masked, tables = [], keep = "") {
    const copy = document.documentElement.cloneNode(true);
    const live = [...document.documentElement.querySelectorAll("*")];
    const copies = [...copy.querySelectorAll("*")];
    const others = otherRows(tables, keep);
    for (const el of secrets(masked)) { const twin = copies[live.indexOf(el)]; if (twin) twin.setAttribute("value", ""); }
    for (const row of others) {
      const twin = copies[live.indexOf(row)];
      if (!twin) continue;
      for (const name of twin.getAttributeNames()) if (name !== "class") twin.removeAttribute(name);
      twin.replaceChildren(document.createElement(twin.tagName === "TR" ? "td" : "span"));
      twin.firstChild.textContent = "[another matter]";
    }
    for (const script of copy.querySelectorAll("script")) script.textContent = "";
    const hidden = [...new Set([...secrets(masked), ...others])];  // twice covered would stay covered
    hidden.forEach(cover);
    return ["<!doctype html>\n" + copy.outerHTML, hidden.length];
  },
  choose(list, value) {
    const option = [...list.options].find((o) => o.value === value) || [...list.options].find((o) => squeeze(o.text) === squeeze(value));
    if (!option) return false;
    list.value = option.value;
    for (const kind of ["input", "change"]) list.dispatchEvent(new Event(kind, { bubbles: true }));
    return true;
  },
};
return questions[arguments[0]](...[...arguments].slice(1));
