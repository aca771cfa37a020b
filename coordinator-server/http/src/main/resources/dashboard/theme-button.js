import { setText } from "./dom.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Switches between light and dark, and remembers it; until then the system's choice holds. */
export function themeButton(button) {
  const root = document.documentElement;
  const now = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
  const draw = () => {
    setText(button, now() === "dark" ? "Light" : "Dark");
    button.setAttribute("aria-label", `Use the ${now() === "dark" ? "light" : "dark"} theme`);
  };
  button.addEventListener("click", () => {
    root.dataset.theme = now() === "dark" ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
    draw();
  });
  dark.addEventListener("change", draw);
  draw();
}
