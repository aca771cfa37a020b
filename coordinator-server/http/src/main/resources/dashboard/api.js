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

const SESSION = "/api/session";
let unknown = () => {};

/** Is called with the status when who asks is not known, or may not. */
export function onUnknown(listener) {
  unknown = listener;
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

export function del(path) {
  return call(path, { method: "DELETE" });
}

async function call(path, request) {
  return (await exchange(path, request)).body;
}

/** Asks for something that may have no end, and reads it only when it is a refusal. */
export async function probe(path, signal) {
  const response = await answer(path, { signal });
  if (!response.ok) {
    throw refused(response, await read(response));
  }
}

async function exchange(path, request) {
  const response = await answer(path, request);
  const body = await read(response);
  if (!response.ok) {
    throw refused(response, body);
  }
  return { headers: response.headers, body };
}

async function answer(path, request) {
  let response;
  try {
    // No form and no link can send the header, so what has it comes from this page.
    const headers = { "X-Coordinator-Request": "1", ...request.headers };
    response = await fetch(path, { ...request, headers, cache: "no-store" });
  } catch {
    throw new Problem(0, "No answer", "The coordinator does not answer.");
  }
  if ((response.status === 401 || response.status === 403) && path !== SESSION) {
    unknown(response.status);
  }
  return response;
}

function refused(response, body) {
  const title = body?.title ?? response.statusText;
  return new Problem(response.status, title, body?.detail, body?.mistakes);
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
