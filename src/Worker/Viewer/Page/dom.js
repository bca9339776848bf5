// Elements from text. Nothing that was logged is ever markup: the browser enforces it (trusted types), and here is no way to it.

/** An element with properties (`class`, `on…`, `aria-…`, `data-…`, others as attributes) and children; null and false are left out. */
export function h(name, properties, ...children) {
  return build(document.createElement(name), properties, children);
}

/** An SVG element, as `h` makes others. */
export function svg(name, properties, ...children) {
  return build(document.createElementNS("http://www.w3.org/2000/svg", name), properties, children);
}

/** Puts children in the place of those that an element has. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(present).map(node));
  return element;
}

/** Fills anew what may hold the focus, which then is where it was: on the same of those that can have it. */
export function refill(element, ...children) {
  const held = element === document.activeElement ? 0 : focusable(element).indexOf(document.activeElement);
  fill(element, ...children);
  if (held < 0) return;
  const all = focusable(element);
  all[Math.min(held, all.length - 1)]?.focus({ preventScroll: true });
}

/** What in an element can have the focus, in its order. */
export const focusable = element => [...element.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];

function build(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  return fill(element, ...children);
}

const present = child => child !== null && child !== undefined && child !== false && child !== "";
const node = child => (child instanceof Node ? child : document.createTextNode(wellFormed(String(child))));

/** Half a character, which a browser would draw as nothing, is drawn as a mark. */
const wellFormed = text => (text.isWellFormed?.() === false ? text.toWellFormed() : text);
