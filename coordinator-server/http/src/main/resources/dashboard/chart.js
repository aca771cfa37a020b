import { h, setText } from "./dom.js";
import { age } from "./format.js";
import { SPAN_SECONDS } from "./history.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 168;
const EDGE = { top: 8, right: 10, bottom: 22, left: 52 };
const LINES = 3;

/**
 * Lines over the last minutes. A series has `key` of a point, a `label` and a `kind`, which is its
 * class, and may be an `area`; `floor` is the smallest top of the scale. Points without a value are
 * gaps. The pointer and the arrow keys tell the values of one moment.
 */
export function chart({ title, series, format, floor }) {
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
  const plot = new Plot(drawing, series, format, floor);
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
  #floor;
  #width = 0;
  #points = [];
  #top = 1;
  #scale = svg("g", { class: "scale" });
  #lines = svg("g", {});
  #cross = svg("line", { class: "cross", y1: EDGE.top, y2: HEIGHT - EDGE.bottom });

  constructor(root, series, format, floor) {
    this.#root = root;
    this.#series = series;
    this.#format = format;
    this.#floor = floor;
    this.#cross.style.display = "none";
    root.append(this.#scale, this.#lines, this.#cross);
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
    this.#top = niceTop(Math.max(this.#floor, this.#highest()), LINES);
    this.#drawScale();
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

  #highest() {
    let highest = 0;
    for (const point of this.#points) {
      for (const { key } of this.#series) {
        highest = Math.max(highest, point[key] ?? 0);
      }
    }
    return highest;
  }

  #drawScale() {
    const parts = [];
    for (let i = 0; i <= LINES; i++) {
      const value = (this.#top * i) / LINES;
      const y = this.#y(value);
      parts.push(svg("line", { x1: EDGE.left, x2: this.#width - EDGE.right, y1: y, y2: y }));
      parts.push(label(EDGE.left - 8, y + 4, "end", this.#format(value)));
    }
    for (let minute = 0; minute <= SPAN_SECONDS / 60; minute++) {
      const x = this.#width - EDGE.right - (minute * 60 * this.#inner()) / SPAN_SECONDS;
      const anchor = minute === 0 ? "end" : minute * 60 === SPAN_SECONDS ? "start" : "middle";
      parts.push(label(x, HEIGHT - 5, anchor, minute === 0 ? "now" : `−${minute} min`));
    }
    this.#scale.replaceChildren(...parts);
  }

  #line({ key, kind, area }) {
    const runs = this.#runs(key);
    const path = runs
      .map((run) => (run.length === 1 ? `M${run[0]}h0.01` : `M${run.join("L")}`))
      .join("");
    const drawn = [svg("path", { class: `line ${kind}`, d: path })];
    if (area) {
      const base = this.#y(0);
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
    return this.#width - EDGE.right - (age * this.#inner()) / SPAN_SECONDS;
  }

  #y(value) {
    const height = HEIGHT - EDGE.top - EDGE.bottom;
    return EDGE.top + height - (value / this.#top) * height;
  }
}

function first(run) {
  return run[0].split(",")[0];
}

/** A round number not below `value` that `parts` divides into round ones. */
function niceTop(value, parts) {
  const step = value / parts;
  const power = 10 ** Math.floor(Math.log10(step));
  const nice = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= step * 0.999_999);
  return nice * power * parts;
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
