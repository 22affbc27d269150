/* A few lines instead of a framework: elements are made once and changed in place. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. Functions named on… are listeners; true, false and missing values switch an attribute.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else set(element, name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets or removes an attribute, if that changes it. @param {Element} element @param {string} name @param {string | number | boolean | null | undefined} value */
export function set(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Sets a text, if that changes it: assistive technology hears of changes only. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement} element @param {boolean} shown */
export function reveal(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/** A part of the page that shows an item. @template T @typedef {{element: HTMLElement, update: (item: T) => void}} Part */

/**
 * Keeps the children of `parent` in step with `items`: a part for each, made once, never moved without need.
 * @template T
 * @param {HTMLElement} parent
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Part<T>} make
 * @returns {(items: T[]) => void}
 */
export function list(parent, keyOf, make) {
  /** @type {Map<string, Part<T>>} */
  const parts = new Map();
  return items => {
    const keys = new Set(items.map(keyOf));
    for (const [key, part] of parts) {
      if (keys.has(key)) continue;
      part.element.remove();
      parts.delete(key);
    }
    for (const [place, item] of items.entries()) {
      const key = keyOf(item);
      const part = parts.get(key) ?? make(item);
      parts.set(key, part);
      if (parent.children[place] !== part.element) parent.insertBefore(part.element, parent.children[place] ?? null);
      part.update(item);
    }
  };
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Element} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Strokes on a field of 24 by 24. */
const ICONS = {
  take: "M12 5v11m0 0-4.5-4.5M12 16l4.5-4.5M5 19.5h14",
  phone:
    "M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3A2 2 0 0 1 18 19.5 14.5 14.5 0 0 1 4.5 6a2 2 0 0 1 2-2Z",
  note: "M5 4.5h14v10l-5 5H5zM14 19.5v-5h5M8.5 9h7M8.5 12.5h4",
  form: "M6 3.5h12v17H6zM9 8h6M9 12h6M9 16h3",
  transfer: "M4 8.5h14m0 0L14.5 5M18 8.5 14.5 12M20 15.5H6m0 0L9.5 12M6 15.5 9.5 19",
  end: "m5 12.5 4.5 4.5L19 7.5",
  canned: "M13 3 5.5 13.5H12L11 21l7.5-10.5H12z",
  send: "M4.5 12 20 4.5l-4 15-4-6zM12 13.5 20 4.5",
  back: "M14.5 5.5 8 12l6.5 6.5",
  sound: "M5 9.5v5h3.5l4.5 4v-13l-4.5 4zM16.5 9a4.5 4.5 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
  mute: "M5 9.5v5h3.5l4.5 4v-13l-4.5 4zM16.5 9.5l5 5m0-5-5 5",
  help: "M9.2 9a3 3 0 1 1 4.3 2.8c-1 .5-1.5 1.1-1.5 2.2M12 17.5v.2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  out: "M10 4.5H5.5v15H10M14 8l4.5 4-4.5 4M18 12H9.5",
  cross: "m6.5 6.5 11 11m0-11-11 11",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  verified: "m8.5 12 2.5 2.5L15.5 10M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  hide: "M4 4l16 16M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.6 3.3M6.3 7.6A16 16 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4.200-1.100M9.900 9.900a3 3 0 0 0 4.200 4.200",
  inbox: "M4 13.5 6.500 5h11L20 13.500v5.500H4zM4 13.500h4.500l1.500 2.500h4l1.500-2.500H20",
};

/** @typedef {keyof typeof ICONS} IconName */

/** A picture beside a word, or in place of one that is said otherwise. @param {IconName} name */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}
