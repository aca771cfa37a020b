const QUIET_MILLIS = 5_000;
const RETRY_MILLIS = 3_000;

/** The live pictures. Connects again by itself, and says when it cannot. */
export class Feed {
  onPicture = () => {};
  /** Gets since when nothing came, or null when all is well, and whether there was no room. */
  onState = () => {};

  #url;
  #source = null;
  #lastAt = Date.now();
  #lost = false;
  #full = false;

  constructor(url) {
    this.#url = url;
  }

  open() {
    this.#connect();
    // A connection can die without a word.
    setInterval(() => this.#watch(), 1_000);
  }

  #connect() {
    this.#source = new EventSource(this.#url);
    this.#source.addEventListener("picture", (event) => {
      this.#lastAt = Date.now();
      this.#full = false;
      this.#say(false);
      this.onPicture(JSON.parse(event.data));
    });
    this.#source.addEventListener("error", () => this.#failed());
  }

  #failed() {
    this.#say(true);
    // The browser tries again unless it got an answer that is no stream: then it is on us.
    if (this.#source.readyState === EventSource.CLOSED) {
      this.#full = true;
      setTimeout(() => this.#connect(), RETRY_MILLIS);
    }
  }

  #watch() {
    if (this.#lost || Date.now() - this.#lastAt > QUIET_MILLIS) {
      this.#say(true);
    }
  }

  #say(lost) {
    if (lost || this.#lost) {
      this.#lost = lost;
      this.onState({ since: lost ? this.#lastAt : null, full: this.#full });
    }
  }
}
