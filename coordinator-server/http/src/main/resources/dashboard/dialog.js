import { button, h } from "./dom.js";

/**
 * Asks; gives whether the answer is yes. Escape is no, and the safe answer has the focus.
 *
 * @param content what stands below the text, such as a field
 */
export function ask({ title, text, content = [], yes, danger = false }) {
  return new Promise((resolve) => {
    const no = button("Cancel", { class: "button", autofocus: true }, () => dialog.close());
    const go = button(yes, { class: danger ? "button danger" : "button primary" }, () =>
      dialog.close("yes"),
    );
    const dialog = open(title, [h("p", {}, text), ...content], [no, go]);
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}

/** Shows something until it is closed. */
export function tell(title, ...content) {
  open(title, content, [
    button("Close", { class: "button primary", autofocus: true }, (event) =>
      event.currentTarget.closest("dialog").close(),
    ),
  ]);
}

/** Puts something in front of the page, until it is closed. */
export function open(title, content, buttons) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const dialog = h(
    "dialog",
    { "aria-labelledby": "dialog-title" },
    heading,
    h("div", { class: "content" }, ...content),
    h("div", { class: "buttons" }, ...buttons),
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
  dialog.showModal();
  return dialog;
}
