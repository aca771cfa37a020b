// Gives what can be used or looked at and has no name for those who do not see it.
const isNameless = (element) =>
  !element.getAttribute("aria-label") && !element.labels?.length && !element.textContent.trim();

return [...document.querySelectorAll("button, a, input, textarea, svg, table")]
  .filter(isNameless)
  .map((element) => element.outerHTML);
