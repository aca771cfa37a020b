import { h } from "../dom.js";
import { TaskDetail } from "./task-detail.js";
import { taskForm } from "./task-form.js";
import { TaskList } from "./task-list.js";

/** Requests that are split into calls to services: all of them, or `#tasks/<id>` alone. */
export const view = { id: "tasks", title: "Tasks", create: tasks };

function tasks() {
  const list = new TaskList();
  const form = taskForm();
  const all = h("div", { class: "view main-first" }, list.element, form.element);
  const element = h("div", {});
  let shown = list;
  return {
    element,
    show: (place) => {
      shown = place ? new TaskDetail(place) : list;
      element.replaceChildren(place ? shown.element : all);
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
