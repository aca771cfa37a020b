/** A new element. `on` holds listeners, everything else is an attribute; null leaves it out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Touches nothing when nothing changed, so that a selection or a focus stays. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setClass(element, name) {
  if (element.className !== name) {
    element.className = name;
  }
}

export function setTitle(element, title) {
  if (element.title !== title) {
    element.title = title;
  }
}

/**
 * Makes the children of `parent` those of `items`, in their order, and keeps what is there: each
 * item has a key, `create(item)` gives `{ element, update(item) }`.
 */
export function keyed(parent, keyOf, create) {
  let rows = new Map();
  return (items) => {
    const next = new Map();
    items.forEach((item, index) => {
      let key = keyOf(item);
      while (next.has(key)) {
        key += " again";
      }
      const row = rows.get(key) ?? create(item);
      next.set(key, row);
      row.update(item);
      if (parent.children[index] !== row.element) {
        parent.insertBefore(row.element, parent.children[index] ?? null);
      }
    });
    for (const [key, row] of rows) {
      if (!next.has(key)) {
        row.element.remove();
      }
    }
    rows = next;
  };
}

/** A titled part of a view. */
export function card(title, ...children) {
  return h("section", { class: "card" }, h("h2", {}, title), ...children);
}

/** Shows it only to who has the role. */
export function needs(role, element) {
  element.dataset.needs = role;
  return element;
}

export function button(text, attributes, click) {
  return h("button", { type: "button", class: "button", ...attributes, on: { click } }, text);
}
