import { h } from "../dom.js";
import { ReplicaSetList } from "./replica-set-list.js";
import { ReplicaSetPage } from "./replica-set-page.js";

/** Workers that share an event stream: all sets, or `#replica-sets/<name>` alone. */
export const view = { id: "replica-sets", title: "Replica sets", create: replicaSets };

function replicaSets() {
  const list = new ReplicaSetList();
  const element = h("div", { class: "view" });
  let shown = list;
  return {
    element,
    show: (place) => {
      shown = place ? new ReplicaSetPage(place) : list;
      element.replaceChildren(shown.element);
      shown.refresh();
    },
    /** Nobody watches a page in the background. */
    update: ({ time }) => {
      if (document.visibilityState === "visible") {
        shown.turn(Date.parse(time));
      }
    },
  };
}
