import { h, keyed, setClass, setText } from "./dom.js";

/** The health checks, those that fail first. */
export function checkList() {
  const list = h("ul", { class: "list checks" });
  const rows = keyed(list, ({ component }) => component, row);
  return {
    element: list,
    update: (checks) => rows([...checks].sort((one, other) => one.healthy - other.healthy)),
  };
}

function row(check) {
  const word = h("span", { class: "tag" });
  const detail = h("span", { class: "detail" });
  return {
    element: h("li", {}, h("span", { class: "name" }, check.component), detail, word),
    update: ({ healthy, detail: text }) => {
      const kind = healthy ? "good" : "bad";
      setClass(word, `tag ${kind}`);
      setText(word, healthy ? "ok" : "fails");
      setText(detail, text);
    },
  };
}
