import { h, setText, setClass } from "./dom.js";
import { Feed } from "./feed.js";
import { age, count } from "./format.js";
import { History } from "./history.js";
import { begin } from "./session.js";
import { themeButton } from "./theme-button.js";
import { views } from "./views.js";

const status = document.getElementById("status");
const about = document.getElementById("about");
const banner = document.getElementById("banner");
const main = document.getElementById("main");
const history = new History();
const feed = new Feed("/api/events");

/** Made when they are first looked at. */
const opened = new Map();
const tabs = new Map();
let shown = null;
let picture = null;

function buildTabs() {
  const nav = document.getElementById("views");
  for (const view of views) {
    const badge = h("span", { class: "badge" });
    const link = h("a", { href: `#${view.id}` }, view.title, badge);
    tabs.set(view.id, { link, badge });
    nav.append(link);
  }
}

function route() {
  const [wanted, ...place] = location.hash.slice(1).split("/");
  const view = views.find(({ id }) => id === wanted) ?? (wanted === "main" ? null : views[0]);
  if (view) {
    show(view, place.join("/"));
  }
}

function show(view, place) {
  if (!opened.has(view.id)) {
    opened.set(view.id, view.create());
  }
  const next = opened.get(view.id);
  if (shown !== next) {
    shown?.hide?.();
  }
  shown = next;
  main.replaceChildren(shown.element);
  document.title = `${view.title} · Action coordinator`;
  for (const [id, { link }] of tabs) {
    if (id === view.id) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
  shown.show?.(place);
  draw();
}

function draw() {
  if (picture) {
    shown?.update?.(picture, history);
  }
}

function drawHeader() {
  const failing = picture.checks.filter((check) => !check.healthy).length;
  const [text, kind] = summary(picture.status, failing);
  setText(status, text);
  setClass(status, `pill ${kind}`);
  const uptime = (Date.parse(picture.time) - Date.parse(picture.started_at)) / 1000;
  setText(about, `up ${age(uptime)} · ${picture.version}`);
  for (const { id, badge } of views) {
    const tab = tabs.get(id);
    const value = badge?.(picture) ?? null;
    setText(tab.badge, value === null ? "" : count(value.number));
    setClass(tab.badge, `badge ${value?.kind ?? ""}`);
  }
}

function summary(phase, failing) {
  if (phase === "draining") {
    return ["Draining", "warn"];
  }
  if (phase === "starting") {
    return ["Starting", "warn"];
  }
  if (failing > 0) {
    return [failing === 1 ? "1 check fails" : `${failing} checks fail`, "bad"];
  }
  return ["Running", "good"];
}

function drawLost({ since, reason }) {
  banner.hidden = since === null;
  if (since === null) {
    return;
  }
  setText(status, "Offline");
  setClass(status, "pill bad");
  const seconds = Math.round((Date.now() - since) / 1000);
  setText(
    banner,
    `${reason ?? "The coordinator does not answer"}. Trying again … ` +
      `What you see is ${age(seconds)} old.`,
  );
}

feed.onPicture = (next) => {
  picture = next;
  history.add(picture);
  drawHeader();
  draw();
};
feed.onState = drawLost;

buildTabs();
themeButton(document.getElementById("theme"));
window.addEventListener("hashchange", route);
const { may, signed_in: signedIn } = await begin(document.getElementById("session"));
if (may.includes("viewer")) {
  route();
  feed.open();
} else {
  setText(status, signedIn ? "Not for you to see" : "Not signed in");
  setClass(status, "pill warn");
}
