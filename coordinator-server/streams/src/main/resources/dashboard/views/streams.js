import { h } from "../dom.js";
import { streamForm } from "./stream-form.js";
import { StreamList } from "./stream-list.js";
import { StreamPage } from "./stream-page.js";

/** Scheduled streams: all of them, or `#streams/<id>` alone. */
export const view = { id: "streams", title: "Streams", create: streams };

const CALM = matchMedia("(prefers-reduced-motion: reduce)");

function streams() {
  const list = new StreamList();
  const form = streamForm();
  const all = h("div", { class: "view main-first" }, list.element, form.element);
  const element = h("div", {});
  let shown = list;
  let frame = 0;

  /** No frame comes while the page is in the background. */
  function animate() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame((now) => {
      shown.draw(now);
      if (!CALM.matches) {
        animate();
      }
    });
  }

  return {
    element,
    show: (place) => {
      shown.leave();
      shown = place ? new StreamPage(place) : list;
      element.replaceChildren(place ? shown.element : all);
      shown.refresh();
      animate();
    },
    hide: () => {
      shown.leave();
      cancelAnimationFrame(frame);
    },
    /** Nobody watches a page in the background. */
    update: () => {
      if (document.visibilityState === "visible") {
        shown.turn();
        animate();
      }
    },
  };
}
