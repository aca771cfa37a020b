const REMEMBERED = 16;

/** Where a stream stands between two of its states. Times are milliseconds of `performance.now()`. */
export class StreamClock {
  #state = null;
  #scenes = [];
  /** When each scene begins, and where the last one ends. */
  #starts = [0];
  #index = 0;
  /** How far this clock is ahead of the coordinator's, the way here included, by the last states. */
  #aheads = [];

  get state() {
    return this.#state;
  }

  get scenes() {
    return this.#scenes;
  }

  configure({ scenes = [], loop_scenes: loops = false }) {
    this.loops = loops;
    this.#scenes = scenes;
    this.#starts = [0];
    scenes.forEach(({ duration_ms: millis }, i) => this.#starts.push(this.#starts[i] + millis));
    this.#index = 0;
  }

  /** Takes a state, unless it is older than the one there is. */
  take(state, now) {
    const sameEpoch = this.#state?.epoch === state.epoch;
    if (sameEpoch && state.seq < this.#state.seq) {
      return;
    }
    this.#aheads = sameEpoch ? this.#aheads.slice(1 - REMEMBERED) : [];
    this.#aheads.push(now - state.server_time);
    this.#state = state;
  }

  /** The scene by its index, null without one, what part of it is over (0 to 1), and what is left. */
  at(now) {
    if (this.#scenes.length === 0) {
      return null;
    }
    const position = this.#position(now);
    const starts = this.#starts;
    if (position < starts[this.#index]) {
      this.#index = 0;
    }
    while (this.#index < this.#scenes.length - 1 && position >= starts[this.#index + 1]) {
      this.#index++;
    }
    const left = starts[this.#index + 1] - position;
    return { index: this.#index, part: 1 - left / this.#scenes[this.#index].duration_ms, left };
  }

  /** The quickest of the last states tells best how far the clocks are apart. */
  #position(now) {
    const { mode, current_time: then, server_time: since } = this.#state;
    const total = this.#starts.at(-1);
    if (mode !== "running") {
      return Math.min(then, total);
    }
    const position = then + Math.max(0, now - Math.min(...this.#aheads) - since);
    return this.loops ? position % total : Math.min(position, total);
  }
}
