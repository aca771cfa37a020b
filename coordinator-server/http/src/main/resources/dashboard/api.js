/** What the coordinator did not do, and why. */
export class Problem extends Error {
  /**
   * @param mistakes where several things are wrong at once
   */
  constructor(status, title, detail, mistakes = []) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.mistakes = mistakes;
  }
}

export function get(path) {
  return call(path, {});
}

/** A list, and the path of the page after it or null. */
export async function getPage(path) {
  const { headers, body } = await exchange(path, {});
  const next = /<([^>]+)>; rel="next"/.exec(headers.get("Link") ?? "");
  return { items: body, next: next ? next[1] : null };
}

/** Sends `body`, a text of JSON or an object; nothing when it is missing. */
export function post(path, body) {
  if (body === undefined) {
    return call(path, { method: "POST" });
  }
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function call(path, request) {
  return (await exchange(path, request)).body;
}

async function exchange(path, request) {
  let response;
  try {
    response = await fetch(path, { ...request, cache: "no-store" });
  } catch {
    throw new Problem(0, "No answer", "The coordinator does not answer.");
  }
  const body = await read(response);
  if (!response.ok) {
    throw new Problem(response.status, body?.title ?? response.statusText, body?.detail, body?.mistakes);
  }
  return { headers: response.headers, body };
}

async function read(response) {
  const text = await response.text();
  try {
    return text ? JSON.parse(text, keepDigits) : null;
  } catch {
    return null;
  }
}

/** Numbers that a double cannot hold are kept as they were written, where the browser can. */
function keepDigits(key, value, context) {
  const source = context?.source;
  return typeof value === "number" && JSON.rawJSON && source && String(value) !== source
    ? JSON.rawJSON(source)
    : value;
}
