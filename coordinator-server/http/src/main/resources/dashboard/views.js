import * as features from "./features.js";
import { actions } from "./views/actions.js";
import { health } from "./views/health.js";
import { letters } from "./views/letters.js";
import { overview } from "./views/overview.js";
import { workers } from "./views/workers.js";

/**
 * What the page can show, in the order of its tabs. A view is made when it is first looked at:
 * `create()` gives `element`, and where wanted `show(place)`, called each time it comes up with what
 * stands behind its id in the address (`#id/place`), `hide()`, called when another takes its place,
 * and `update(picture, history)`, called with each picture while it is up. `badge(picture)` gives a number for the tab and whether it is `good`,
 * `warn` or `bad`.
 */
export const views = [
  { id: "overview", title: "Overview", create: overview },
  {
    id: "workers",
    title: "Workers",
    create: workers,
    badge: ({ queue }) => ({ number: queue.connected, kind: queue.connected ? "" : "warn" }),
  },
  { id: "actions", title: "Actions", create: actions },
  ...Object.values(features),
  { id: "dead-letters", title: "Dead letters", create: letters },
  {
    id: "health",
    title: "Health",
    create: health,
    badge: ({ checks }) => {
      const failing = checks.filter((check) => !check.healthy).length;
      return failing ? { number: failing, kind: "bad" } : null;
    },
  },
];
