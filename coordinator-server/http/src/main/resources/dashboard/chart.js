import { h, setText } from "./dom.js";
import { age } from "./format.js";
import { SPAN_SECONDS } from "./history.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 168;
const EDGE = { top: 8, right: 10, bottom: 22, left: 52 };
const LINES = 3;
const SHORTEST_SPAN = 60;

/**
 * Lines over the last minutes. A series has `key` of a point, a `label` and a `kind`, which is its
 * class, and may be an `area`; `floor` is the smallest top of the scale, which goes by powers of ten
 * when it is `logarithmic`. Points without a value are gaps. The pointer and the arrow keys tell the
 * values of one moment.
 */
export function chart({ title, series, format, floor, logarithmic }) {
  const values = series.map(() => h("b", {}, "–"));
  const moment = h("span", { class: "moment" }, "now");
  const legend = h(
    "ul",
    { class: "legend" },
    ...series.map((one, i) =>
      h("li", {}, h("i", { class: `swatch ${one.kind}` }), `${one.label} `, values[i]),
    ),
  );
  const drawing = svg("svg", { role: "img", tabindex: "0", height: HEIGHT });
  const element = h(
    "figure",
    { class: "card chart" },
    h("figcaption", {}, h("h2", {}, title), moment),
    legend,
    drawing,
  );
  const scaleOf = logarithmic ? powersOfTen : evenSteps;
  const plot = new Plot(drawing, series, format, (values) => scaleOf(values, floor));
  let points = [];
  let picked = null;

  const tell = () => {
    const point = picked === null ? points.at(-1) : points.at(picked - points.length);
    const before = point && points.length ? points.at(-1).time - point.time : 0;
    setText(moment, before < 0.5 ? "now" : `${age(before)} ago`);
    series.forEach(({ key }, i) => setText(values[i], format(point?.[key])));
    plot.cross(picked === null ? null : point);
    drawing.setAttribute("aria-label", spoken(title, series, point, format));
  };
  const pick = (index) => {
    picked = index === null ? null : Math.min(Math.max(index, 0), points.length - 1);
    tell();
  };

  drawing.addEventListener("pointermove", (event) => pick(plot.nearest(event.offsetX)));
  drawing.addEventListener("pointerleave", () => pick(null));
  drawing.addEventListener("blur", () => pick(null));
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && points.length) {
      event.preventDefault();
      pick((picked ?? points.length - 1) + step);
    }
  });
  new ResizeObserver(([entry]) => {
    plot.resize(entry.contentRect.width);
    tell();
  }).observe(drawing);

  return {
    element,
    update: (next) => {
      points = next;
      plot.draw(points);
      tell();
    },
  };
}

function spoken(title, series, point, format) {
  const said = series.map(({ key, label }) => `${label} ${format(point?.[key])}`);
  return `${title}: ${said.join(", ")}`;
}

class Plot {
  #root;
  #series;
  #format;
  #scaleOf;
  #width = 0;
  #span = SHORTEST_SPAN;
  #points = [];
  #scale = evenSteps([], 1);
  #grid = svg("g", { class: "scale" });
  #lines = svg("g", {});
  #cross = svg("line", { class: "cross", y1: EDGE.top, y2: HEIGHT - EDGE.bottom });

  constructor(root, series, format, scaleOf) {
    this.#root = root;
    this.#series = series;
    this.#format = format;
    this.#scaleOf = scaleOf;
    this.#cross.style.display = "none";
    root.append(this.#grid, this.#lines, this.#cross);
  }

  resize(width) {
    this.#width = width;
    this.#root.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.draw(this.#points);
  }

  draw(points) {
    this.#points = points;
    if (this.#width === 0) {
      return;
    }
    this.#span = spanOf(points);
    this.#scale = this.#scaleOf(this.#values());
    this.#drawGrid();
    this.#lines.replaceChildren(...this.#series.flatMap((one) => this.#line(one)));
  }

  /** The index of the point below a place, or null. */
  nearest(x) {
    let best = null;
    this.#points.forEach((point, index) => {
      const distance = Math.abs(this.#x(point.time) - x);
      if (best === null || distance < Math.abs(this.#x(this.#points[best].time) - x)) {
        best = index;
      }
    });
    return best;
  }

  cross(point) {
    this.#cross.style.display = point ? "" : "none";
    if (point) {
      this.#cross.setAttribute("x1", this.#x(point.time));
      this.#cross.setAttribute("x2", this.#x(point.time));
    }
  }

  #values() {
    return this.#points
      .flatMap((point) => this.#series.map(({ key }) => point[key]))
      .filter((value) => value !== null);
  }

  #drawGrid() {
    const parts = [];
    for (const value of this.#scale.ticks) {
      const y = this.#y(value);
      parts.push(svg("line", { x1: EDGE.left, x2: this.#width - EDGE.right, y1: y, y2: y }));
      parts.push(label(EDGE.left - 8, y + 4, "end", this.#format(value)));
    }
    const step = this.#span <= 60 ? 15 : this.#span <= 120 ? 30 : 60;
    for (let ago = 0; ago < this.#span; ago += step) {
      const x = this.#width - EDGE.right - (ago * this.#inner()) / this.#span;
      parts.push(label(x, HEIGHT - 5, ago ? "middle" : "end", ago ? `−${clock(ago)}` : "now"));
    }
    this.#grid.replaceChildren(...parts);
  }

  #line({ key, kind, area }) {
    const runs = this.#runs(key);
    const path = runs
      .map((run) => (run.length === 1 ? `M${run[0]}h0.01` : `M${run.join("L")}`))
      .join("");
    const drawn = [svg("path", { class: `line ${kind}`, d: path })];
    if (area) {
      const base = HEIGHT - EDGE.bottom;
      const filled = runs
        .map((run) => `M${first(run)},${base}L${run.join("L")}L${first([run.at(-1)])},${base}Z`)
        .join("");
      drawn.unshift(svg("path", { class: `area ${kind}`, d: filled }));
    }
    return drawn;
  }

  /** The stretches without a gap, as places. */
  #runs(key) {
    const runs = [];
    let run = null;
    for (const point of this.#points) {
      if (point[key] === null || this.#x(point.time) < EDGE.left) {
        run = null;
        continue;
      }
      if (run === null) {
        run = [];
        runs.push(run);
      }
      run.push(`${this.#x(point.time).toFixed(1)},${this.#y(point[key]).toFixed(1)}`);
    }
    return runs;
  }

  #inner() {
    return this.#width - EDGE.left - EDGE.right;
  }

  #x(time) {
    const age = this.#points.at(-1).time - time;
    return this.#width - EDGE.right - (age * this.#inner()) / this.#span;
  }

  #y(value) {
    const height = HEIGHT - EDGE.top - EDGE.bottom;
    return EDGE.top + height - this.#scale.place(value) * height;
  }
}

function first(run) {
  return run[0].split(",")[0];
}

/** Whole minutes that hold all points. */
function spanOf(points) {
  const seconds = points.length ? points.at(-1).time - points[0].time : 0;
  return Math.min(Math.max(Math.ceil(seconds / 60) * 60, SHORTEST_SPAN), SPAN_SECONDS);
}

/** 15 s, 1:30 min, 4 min. */
function clock(seconds) {
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""} min`;
}

/** From nought to a round number that holds all values; `place` is 0 at the bottom, 1 at the top. */
function evenSteps(values, floor) {
  const step = Math.max(floor, ...values) / LINES;
  const power = 10 ** Math.floor(Math.log10(step));
  const nice = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= step * 0.999_999) * power;
  return {
    ticks: Array.from({ length: LINES + 1 }, (_, i) => i * nice),
    place: (value) => value / (LINES * nice),
  };
}

/** From the power of ten below all values to the one above them. */
function powersOfTen(values, floor) {
  const seen = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(floor, ...seen)) + 1e-9);
  const high = Math.max(Math.ceil(Math.log10(Math.max(floor, ...seen)) - 1e-9), low + 2);
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    place: (value) => Math.max(0, (Math.log10(value) - low) / (high - low)),
  };
}

function label(x, y, anchor, text) {
  const element = svg("text", { x, y, "text-anchor": anchor });
  element.textContent = text;
  return element;
}

function svg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  return element;
}
