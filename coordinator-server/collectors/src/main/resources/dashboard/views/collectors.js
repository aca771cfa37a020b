import { h } from "../dom.js";
import { CollectorList } from "./collector-list.js";
import { CollectorPage } from "./collector-page.js";

/** Configured sources of events: all of them, or `#collectors/<name>` alone. */
export const view = { id: "collectors", title: "Collectors", create: collectors };

function collectors() {
  const list = new CollectorList();
  const element = h("div", { class: "view" });
  let shown = list;
  return {
    element,
    show: (place) => {
      shown = place ? new CollectorPage(place) : list;
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
