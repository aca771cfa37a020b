import { button, h, setText } from "../dom.js";
import { count, rate } from "../format.js";

const NORMAL = 1000;

/** Makes the operator a watcher of one stream, over a socket, until told otherwise. */
export class StreamWatch {
  #id;
  #onState;
  #socket = null;
  #got = 0;
  #gotBefore = 0;
  #turned = 0;
  #missed = 0;

  toggle = button("Watch", { class: "button small", "aria-pressed": "false" }, () =>
    this.#socket ? this.leave() : this.#open(),
  );
  told = h("p", { class: "detail watching" });

  /**
   * @param onState gets each state as it comes
   */
  constructor(id, onState) {
    this.#id = id;
    this.#onState = onState;
    this.told.hidden = true;
  }

  /** Goes away, if it is there. */
  leave() {
    const socket = this.#socket;
    this.#show(null);
    this.told.hidden = true;
    socket?.close(NORMAL);
  }

  /** Time has passed. */
  turn(now) {
    if (this.#socket && this.#got > 0) {
      const perSecond = ((this.#got - this.#gotBefore) * 1000) / (now - this.#turned);
      this.#gotBefore = this.#got;
      this.#turned = now;
      const missed = this.#missed ? ` · ${count(this.#missed)} scene changes missed` : "";
      this.#tell(`You watch: ${rate(perSecond)} updates/s · ${count(this.#got)} in all${missed}`);
    }
  }

  #open() {
    const url = new URL(`/streams/${encodeURIComponent(this.#id)}/ws`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.#show(socket);
    this.#got = this.#gotBefore = this.#missed = 0;
    this.#turned = performance.now();
    this.#tell("You become a watcher: the stream runs at least as long as you watch.");
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) {
        this.#take(JSON.parse(data));
      }
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (socket === this.#socket) {
        this.#show(null);
        this.#tell(`You no longer watch: ${reason || `the connection was closed (${code})`}`);
      }
    });
  }

  #take(state) {
    this.#got++;
    this.#missed += state.scenes_missed ?? 0;
    this.#onState(state);
  }

  #show(socket) {
    this.#socket = socket;
    this.toggle.setAttribute("aria-pressed", String(socket !== null));
    setText(this.toggle, socket ? "Stop watching" : "Watch");
  }

  #tell(text) {
    this.told.hidden = false;
    setText(this.told, text);
  }
}
