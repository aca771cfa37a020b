const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const clock = new Intl.DateTimeFormat([], {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const date = new Intl.DateTimeFormat([], {
  dateStyle: "medium",
  timeStyle: "medium",
  hourCycle: "h23",
});

export const UNKNOWN = "–";

/** 950, 12,345, 1.2M. */
export function count(number) {
  if (number === null || number === undefined) {
    return UNKNOWN;
  }
  return Math.abs(number) < 100_000 ? whole.format(number) : short.format(number);
}

/** All digits. */
export function exact(number) {
  return whole.format(number);
}

/** Per second: 0, 0.4, 12.5, 1,204, 12.3K. */
export function rate(number) {
  if (number === null || number === undefined) {
    return UNKNOWN;
  }
  if (number === 0) {
    return "0";
  }
  if (number < 10) {
    return trimmed(number.toFixed(1));
  }
  return number < 10_000 ? whole.format(number) : short.format(number);
}

/** Seconds with three digits at most: 340 µs, 1.25 ms, 12.3 s. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) {
    return UNKNOWN;
  }
  if (seconds === 0) {
    return "0 ms";
  }
  if (seconds >= 100) {
    return age(seconds);
  }
  if (seconds >= 1) {
    return `${digits(seconds)} s`;
  }
  return seconds >= 0.001 ? `${digits(seconds * 1e3)} ms` : `${Math.round(seconds * 1e6)} µs`;
}

/** Rough, for what goes on: 4 s, 12 min, 3 h 20 min, 5 d 2 h. */
export function age(seconds) {
  const rounded = Math.max(0, Math.floor(seconds));
  if (rounded < 60) {
    return `${rounded} s`;
  }
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return pair(hours, "h", minutes % 60, "min");
  }
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** 812 B, 1.5 KiB, 64 MiB. */
export function bytes(number) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = number;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : digits(value)} ${units[unit]}`;
}

/** Only the time of day. */
export function time(text) {
  return clock.format(new Date(text));
}

export function moment(text) {
  return date.format(new Date(text));
}

/** dead_lettered to "dead lettered". */
export function words(constant) {
  return constant.replaceAll("_", " ");
}

function digits(number) {
  if (number >= 100) {
    return number.toFixed(0);
  }
  return number >= 10 ? trimmed(number.toFixed(1)) : trimmed(number.toFixed(2));
}

function trimmed(text) {
  return text.replace(/\.?0+$/, "");
}

function pair(large, largeUnit, small, smallUnit) {
  return small ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`;
}
