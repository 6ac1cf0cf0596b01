// What the keyboard meets on a page: stops.watch(inside) before the first Tab, stops.judge() after the last one.
window.stops = (() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true], " +
    "[role=button], [role=link], [role=menuitem], [role=tab], [role=switch], [role=checkbox], [role=radio], [role=option]";
  const COMPOSITE = "[role=tablist], [role=menu], [role=menubar], [role=listbox], [role=radiogroup], [role=grid], [role=tree]";
  const CLICKS = ["onClick", "onDoubleClick"];
  // Tab goes through the parts of a day, a month and a time before it leaves the field.
  const IN_PARTS = "input:is([type=date], [type=month], [type=week], [type=time], [type=datetime-local])";
  const PARTS = 4;
  let inside, expected, met, walk;

  const isShown = (one) => one.isConnected && one.getClientRects().length > 0
    && one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const isOff = (one) => one.matches(":disabled") || one.closest("[inert], [aria-hidden=true], [data-radix-focus-guard]");

  function isClicked(one) {
    const props = one[Object.keys(one).find((key) => key.startsWith("__reactProps$"))];
    return CLICKS.some((name) => typeof props?.[name] === "function");
  }

  // A stop of tabindex -1 is a place that scripts take the focus to; a control of tabindex -1 is a fault.
  const isWanted = (one) => one.matches(CONTROLS) || isClicked(one) || (one.tabIndex >= 0 && one.hasAttribute("tabindex"));

  function named(one) {
    const name = one.ariaLabel || one.innerText?.trim().slice(0, 40) || one.name || one.title;
    return `${one.tagName.toLowerCase()}${[...one.classList].slice(0, 2).map((part) => `.${part}`).join("")} "${name ?? ""}"`;
  }

  const looks = (one) => [null, "::before", "::after"].map((part) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(one, part);
    const isDrawn = outlineStyle !== "none" && outlineWidth !== "0px" && !/, 0\)$|transparent/.test(outlineColor);
    return { outline: isDrawn ? `${outlineStyle} ${outlineWidth} ${outlineColor}` : "", ring: boxShadow };
  });

  function isSeen(one) {
    const was = expected.get(one) ?? [];
    return looks(one).some((now, part) => (now.outline && now.outline !== was[part]?.outline)
      || (now.ring !== "none" && now.ring !== was[part]?.ring));
  }

  // Most of five points of it are not behind something else.
  function isCovered(one) {
    const box = one.getClientRects()[0];
    if (!box) return true;
    const [left, right] = [Math.max(box.left, 0) + 3, Math.min(box.right, innerWidth) - 3];
    const [top, bottom] = [Math.max(box.top, 0) + 3, Math.min(box.bottom, innerHeight) - 3];
    if (right < left || bottom < top) return true;
    const middle = [(left + right) / 2, (top + bottom) / 2];
    const points = [middle, [left, top], [right, top], [left, bottom], [right, bottom]];
    const hits = points.filter(([x, y]) => {
      const hit = document.elementFromPoint(x, y);
      return hit && (one.contains(hit) || hit.contains(one) && !hit.contains(document.querySelector("main")) || one.labels?.[0]?.contains(hit));
    });
    return hits.length < 3;
  }

  function note() {
    const one = document.activeElement;
    const last = walk.at(-1);
    walk.push(one);
    if (!one || one === document.body || met.has(one)) return;
    met.set(one, { isSeen: isSeen(one), isCovered: isCovered(one), after: last });
  }

  const onKey = (event) => { if (event.key === "Tab") note(); };
  const unmet = () => [...expected.keys()].filter((one) => isShown(one) && !isOff(one) && !met.has(one) && !isReached(one));

  // Arrows reach the others of a widget, and of radio buttons of one name.
  function isReached(one) {
    const others = one.closest(COMPOSITE) ?? (one.type === "radio" && one.closest("fieldset, form"));
    return others && [...met.keys()].some((other) => others.contains(other) && (other.type === one.type));
  }

  function watch(selector) {
    inside = document.querySelector(selector);
    [met, walk] = [new Map(), []];
    const found = [...inside.querySelectorAll("*")].filter((one) => isShown(one) && !isOff(one) && isWanted(one));
    expected = new Map(found.map((one) => [one, looks(one)]));
    addEventListener("keydown", onKey, true);
    return left();
  }

  // How many Tabs it takes to meet those that are left.
  const left = () => unmet().reduce((sum, one) => sum + (one.matches(IN_PARTS) ? PARTS : 1), 0);

  function backwards() {
    const jumps = walk.slice(1).flatMap((one, at) => {
      const before = walk[at];
      if ([before, one].some((place) => place === inside || !inside.contains(place))) return [];
      const isBack = one !== before && before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING;
      // Once around is no jump.
      const isAround = one === [...met.keys()].find((place) => inside.contains(place));
      return isBack && !isAround && !before.contains(one) ? [`jumps back from ${named(before)} to ${named(one)}`] : [];
    });
    return jumps;
  }

  function judge() {
    note();
    removeEventListener("keydown", onKey, true);
    const stuck = walk.filter((one, at) => one === walk[at - 1] && one !== document.body && inside.contains(one) && !one.matches(IN_PARTS));
    const all = [...met].filter(([one]) => inside.contains(one));
    return [
      ...unmet().map((one) => `not reached by Tab: ${named(one)}`),
      ...all.filter(([one, how]) => !how.isSeen && expected.has(one)).map(([one]) => `focus not to be seen: ${named(one)}`),
      ...all.filter(([, how]) => how.isCovered).map(([one]) => `behind something else: ${named(one)}`),
      ...[...new Set(stuck)].map((one) => `held by ${named(one)}`),
      ...[...expected.keys()].filter((one) => one.tabIndex > 0).map((one) => `comes before its turn: ${named(one)}`),
      ...backwards(),
    ];
  }

  return { watch, left, judge, count: () => met.size };
})();
