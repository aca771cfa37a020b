import { del, get, onUnknown, post } from "./api.js";
import { open } from "./dialog.js";
import { button, h } from "./dom.js";

const ALL = ["operator", "submitter", "viewer", "worker"];
const root = document.documentElement;
let asking = false;

/**
 * Finds out who looks at the page and what they may do, and draws it into `place`. Nothing of it is
 * kept: the cookie is not for scripts, and the token is gone with the dialog.
 *
 * @return the session, as the API tells it
 */
export async function begin(place) {
  const session = await ask();
  // What needs another role is hidden by style.css; the coordinator refuses it in any case.
  root.dataset.may = session.may.join(" ");
  draw(place, session);
  onUnknown(async (status) => {
    // Where some things are for everybody, the end of a session looks like a role that is missing.
    if (status === 401 || (session.signed_in && !(await ask()).signed_in)) {
      signIn("You are not signed in any more.");
    }
  });
  if (!session.signed_in && !session.may.includes("viewer")) {
    signIn("This coordinator wants to know who you are.");
  }
  return session;
}

async function ask() {
  try {
    return await get("/api/session");
  } catch (problem) {
    // Where nobody is asked, everything else answers too; where somebody is, it says so.
    return problem.status === 401 ? { required: true, may: [] } : { required: false, may: ALL };
  }
}

function draw(place, session) {
  if (!session.required) {
    return;
  }
  if (session.name) {
    place.append(h("span", { class: "who", title: session.may.join(", ") }, session.name));
  }
  place.append(
    session.signed_in
      ? button("Sign out", { id: "sign-out", class: "button quiet" }, signOut)
      : button("Sign in", { id: "sign-in", class: "button quiet" }, () => signIn("")),
  );
}

async function signOut() {
  await del("/api/session");
  location.reload();
}

/** One dialog, however many requests were refused. */
function signIn(why) {
  if (asking) {
    return;
  }
  asking = true;
  const token = h("input", {
    id: "token",
    type: "password",
    required: true,
    autofocus: true,
    autocomplete: "off",
    spellcheck: "false",
  });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const go = h("button", { type: "submit", form: "sign-in-form", class: "button primary" }, "Sign in");
  const form = h(
    "form",
    { id: "sign-in-form", class: "send", on: { submit: (event) => submit(event, { token, wrong, go }) } },
    h("p", {}, why),
    h("label", { for: "token" }, "Token"),
    token,
    wrong,
  );
  const dialog = open("Sign in", [form], [go]);
  dialog.addEventListener("close", () => {
    asking = false;
  });
}

async function submit(event, { token, wrong, go }) {
  event.preventDefault();
  go.disabled = true;
  wrong.replaceChildren();
  try {
    await post("/api/session", { token: token.value });
    token.value = "";
    location.reload();
  } catch (problem) {
    wrong.append(problem.status === 401 ? "This token is not known here." : problem.message);
    token.select();
    go.disabled = false;
  }
}
