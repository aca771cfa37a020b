import { h, keyed, setClass, setText, setTitle } from "./dom.js";

/**
 * A table that is updated in place. A column has a `head` and one of `text(item)`, with `kind` for
 * a class and `title(item)` for what the pointer shows, or `make(item)`, which gives
 * `{ element, update(item) }`.
 */
export function table({ label, columns, key, empty }) {
  const body = h("tbody");
  const head = h(
    "tr",
    {},
    ...columns.map((column) =>
      h("th", { scope: "col", class: column.kind ?? null }, column.headElement ?? column.head),
    ),
  );
  const grid = h("table", { "aria-label": label }, h("thead", {}, head), body);
  const nothing = h("div", { class: "empty" }, ...[empty].flat());
  const rows = keyed(body, key, () => row(columns));
  const element = h("div", { class: "table" }, grid, nothing);
  const update = (items) => {
    rows(items);
    grid.hidden = items.length === 0;
    nothing.hidden = items.length > 0;
  };
  update([]);
  return { element, update };
}

function row(columns) {
  const cells = columns.map((column) => cell(column));
  return {
    element: h("tr", {}, ...cells.map(({ element }) => element)),
    update: (item) => cells.forEach((each) => each.update(item)),
  };
}

function cell(column) {
  const element = h("td", { class: column.kind ?? null, "data-label": column.head });
  if (!column.make) {
    return {
      element,
      update: (item) => {
        setText(element, column.text(item));
        setTitle(element, column.title?.(item) ?? "");
      },
    };
  }
  const made = column.make();
  element.append(made.element);
  return { element, update: made.update };
}

/** A word in a colour that says whether it is good. */
export function tag(textOf, kindOf) {
  const element = h("span", { class: "tag" });
  return {
    element,
    update: (item) => {
      setText(element, textOf(item));
      setClass(element, `tag ${kindOf(item)}`);
    },
  };
}
