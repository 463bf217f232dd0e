/* What a page loses: measured in the page itself, for tests/support/usable.py. Each function returns a list of faults. */
(() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const put_away = ".visually-hidden, .skip-link, option, script, style, [data-sample]";
  const name = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const is_block = (element) => element.namespaceURI.endsWith("svg")
    ? element.matches("text, svg") : !getComputedStyle(element).display.startsWith("inline") || element.matches("button, .button");

  /* Each line of text that one can see: where it is, its words, and the block that it belongs to. */
  function lines() {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode, parent = text.parentElement;
      if (!text.data.trim() || parent.closest(put_away) || !shown(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      let block = parent;
      while (!is_block(block)) block = block.parentElement;
      for (const box of range.getClientRects())
        if (box.width > 1) found.push({ box, block, parent, words: text.data.trim().replace(/\s+/g, " ").slice(0, 60) });
    }
    return found;
  }

  /* What cuts an element off: the ancestors that hide what does not fit. */
  function frames(element) {
    const found = [];
    for (let frame = element; frame && frame !== document.documentElement; frame = frame.parentElement) {
      const style = getComputedStyle(frame);
      if ([style.overflowX, style.overflowY].some((value) => value !== "visible")) found.push([frame, style]);
    }
    return found;
  }

  function is_cut(box, frame, style) {
    const edge = frame.getBoundingClientRect(), slack = 1.5;
    const hides = (value) => value === "hidden" || value === "clip";
    if (hides(style.overflowX) && (box.left < edge.left - slack || box.right > edge.right + slack)) return true;
    // A line's box is taller than its letters: its middle half must be there.
    const top = box.top + box.height / 4, bottom = box.bottom - box.height / 4;
    if (hides(style.overflowY) && (top < edge.top - slack || bottom > edge.bottom + slack)) return true;
    if (style.borderTopLeftRadius !== "50%" || !hides(style.overflowX)) return false;
    return [box.left, box.right].some((x) => [top, bottom].some((y) =>
      ((x - edge.x - edge.width / 2) / (edge.width / 2)) ** 2 + ((y - edge.y - edge.height / 2) / (edge.height / 2)) ** 2 > 1));
  }

  /* Whether the rounded end of a button leaves the circle around it, by more than the width of a hair. */
  function leaves(button, circle) {
    const box = button.getBoundingClientRect(), edge = circle.getBoundingClientRect(), end = Math.min(box.height / 2, 36);
    const far = (x, y) => ((x - edge.x - edge.width / 2) / (edge.width / 2)) ** 2 + ((y - edge.y - edge.height / 2) / (edge.height / 2)) ** 2;
    return [0, 30, 60, 90].map((degrees) => degrees * Math.PI / 180).some((angle) => [-1, 1].some((side) => [-1, 1].some((half) =>
      far((side < 0 ? box.left + end : box.right - end) + side * end * Math.cos(angle),
        (half < 0 ? box.top + end : box.bottom - end) + half * end * Math.sin(angle)) > 1.02)));
  }

  function covers(one, other) {
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const inner = ({ box }) => [box.top + box.height / 4, box.bottom - box.height / 4];
    const [[top, bottom], [other_top, other_bottom]] = [inner(one), inner(other)];
    return wide > 2 && Math.min(bottom, other_bottom) - Math.max(top, other_top) > 2;
  }

  /* Words that lie outside the window or beside their frame, or on other words; and a window that scrolls sideways. */
  function lost() {
    const faults = [], root = document.documentElement, all = lines(), frames_of = new Map();
    if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth - root.clientWidth} px too wide`);
    for (const { box, parent, words } of all) {
      if (!frames_of.has(parent)) frames_of.set(parent, frames(parent));
      const around = frames_of.get(parent);
      const scrolls = around.some(([frame]) => frame.scrollWidth > frame.clientWidth + 1 && frame.matches(".table-scroll"));
      if (!scrolls && (box.left < -1 || box.right > root.clientWidth + 1)) faults.push(`outside: ${words}`);
      if (around.some(([frame, style]) => is_cut(box, frame, style))) faults.push(`cut off: ${words}`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      // Words beside an element in a flex or grid box are items of their own: apart, and without the blank between.
      const has_words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (has_words && /flex|grid/.test(getComputedStyle(element).display) && element.querySelector(":scope > :not(.visually-hidden, svg)"))
        faults.push(`torn apart: ${element.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}`);
    }
    all.sort((one, other) => one.box.top - other.box.top);
    for (const [at, one] of all.entries())
      for (let next = at + 1; next < all.length && all[next].box.top < one.box.bottom; next++)
        if (all[next].block !== one.block && covers(one, all[next])) faults.push(`on each other: ${one.words} / ${all[next].words}`);
    return [...new Set(faults)];
  }

  /* Buttons that a circle cuts the ends off. With the reader's own spacing their words alone have to be there. */
  function round() {
    const in_circles = [...document.querySelectorAll(".disc .button")].filter((button) =>
      getComputedStyle(button.closest(".disc")).borderTopLeftRadius === "50%" && leaves(button, button.closest(".disc")));
    return in_circles.map((button) => `out of its circle: ${button.textContent.trim()}`);
  }

  /* WCAG 2.5.5: 44 px for all that one presses, but for links within a sentence. */
  function small() {
    const controls = "button, select, textarea, summary, .choice, a[href], input:not([type=hidden], [type=checkbox], [type=radio])";
    return [...document.querySelectorAll(controls)].filter((control) => {
      if (!shown(control) || control.closest(put_away) || control.closest(".choice") !== null && !control.matches(".choice")) return false;
      const box = control.getBoundingClientRect();
      return Math.min(box.width, box.height) < 43.9 && !is_in_a_sentence(control);
    }).map((control) => `small: ${name(control)}`);
  }

  function is_in_a_sentence(link) {
    if (!link.matches("a") || getComputedStyle(link).display !== "inline") return false;
    let block = link.parentElement;
    while (!is_block(block)) block = block.parentElement;
    const around = block.cloneNode(true);
    for (const other of around.querySelectorAll("a, .visually-hidden")) other.remove();
    return /\p{L}/u.test(around.textContent);
  }

  /* WCAG 2.4.7, 2.4.12, 2.4.13: what has the focus is in the window, nothing lies over it, and it has a ring. */
  function unseen() {
    const faults = [], can = "a[href], button, select, textarea, summary, input:not([type=hidden]), [tabindex='0']";
    for (const control of document.querySelectorAll(can)) {
      if (!shown(control) || control.tabIndex < 0) continue;
      control.focus();
      if (document.activeElement !== control) continue;
      const style = getComputedStyle(control), [box] = control.getClientRects();
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 3) faults.push(`no ring: ${name(control)}`);
      // Of a text area a browser shows the line with the caret.
      const fits = box.height <= innerHeight && box.width <= innerWidth && !control.matches("textarea");
      if (fits && (box.top < -1 || box.bottom > innerHeight + 1 || box.left < -1 || box.right > innerWidth + 1))
        faults.push(`focus outside the window: ${name(control)}`);
      const middle = [Math.min(box.right, innerWidth) + Math.max(box.left, 0), Math.min(box.bottom, innerHeight) + Math.max(box.top, 0)];
      const over = document.elementFromPoint(middle[0] / 2, middle[1] / 2);
      if (!over || !(control.contains(over) || over.contains(control))) faults.push(`something lies over: ${name(control)}`);
    }
    document.activeElement?.blur();
    scrollTo(0, 0);
    return faults;
  }

  /* Where a system gives the colours: edges of controls, and lines or areas of drawings, differ from what is behind. */
  function faded() {
    const faults = [], ground = getComputedStyle(document.body).backgroundColor;
    const nothing = (colour) => ["none", "transparent", "rgba(0, 0, 0, 0)", ground].includes(colour);
    for (const control of document.querySelectorAll("button, .button, select, textarea, input:not([type=hidden])")) {
      const style = getComputedStyle(control);
      if (!shown(control) || control.closest(".visually-hidden")) continue;
      const is_native = ["checkbox", "radio"].includes(control.type) && style.appearance !== "none";
      if (!is_native && (parseFloat(style.borderTopWidth) < 1 || nothing(style.borderTopColor))) faults.push(`no edge: ${name(control)}`);
    }
    for (const drawing of document.querySelectorAll("svg:not([data-sample])")) {
      if (!shown(drawing)) continue;
      const drawn = [];
      for (const shape of drawing.querySelectorAll("circle, path, rect, line, text")) {
        const { fill, stroke } = getComputedStyle(shape), box = shape.getBoundingClientRect();
        // A part in the colour of the ground may still be on another shape.
        const is_on = ({ left, right, top, bottom }) => left <= box.left && right >= box.right && top <= box.top && bottom >= box.bottom;
        if (nothing(fill) && nothing(stroke) && !drawn.some(is_on)) faults.push(`not drawn: ${name(shape)} of ${name(drawing)}`);
        if (!nothing(fill)) drawn.push(box);
      }
    }
    return faults;
  }

  /* On paper, where no ground is printed: words are dark. */
  function pale() {
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0) / 765;
    const faint = lines().filter(({ parent, block }) =>
      light(block.matches("text") ? getComputedStyle(block).fill : getComputedStyle(parent).color) > 0.5);
    return [...new Set(faint.map(({ words }) => `too pale to print: ${words}`))];
  }

  window.measures = { lost, round, small, unseen, faded, pale };
})();
