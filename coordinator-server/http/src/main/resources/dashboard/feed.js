import { probe } from "./api.js";

const QUIET_MILLIS = 5_000;
const RETRY_MILLIS = 3_000;

/** The live pictures. Connects again by itself, and says when it cannot. */
export class Feed {
  onPicture = () => {};
  /** Gets since when nothing came, null when all is well, and why, where the coordinator says so. */
  onState = () => {};

  #url;
  #source = null;
  #lastAt = Date.now();
  #lost = false;
  #reason = null;

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
      this.#reason = null;
      this.#say(false);
      this.onPicture(JSON.parse(event.data));
    });
    this.#source.addEventListener("error", () => this.#failed());
  }

  async #failed() {
    this.#say(true);
    // The browser tries again unless it got an answer that is no stream: then it is on us.
    if (this.#source.readyState === EventSource.CLOSED) {
      setTimeout(() => this.#connect(), RETRY_MILLIS);
      this.#reason = await refusal(this.#url);
      this.#say(this.#lost);
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
      this.onState({ since: lost ? this.#lastAt : null, reason: this.#reason });
    }
  }
}

/** What is wrong, which an EventSource does not tell; null when there is no telling. */
async function refusal(url) {
  const asking = new AbortController();
  try {
    await probe(url, asking.signal);
    return null;
  } catch (problem) {
    return problem.status ? problem.message : null;
  } finally {
    asking.abort();
  }
}
