// Keys, and the sheet that `?` shows. A view names its own; none while somebody types.
import { h } from "./dom.js";

let bindings = [];

/** Binds keys until `signal`: a list of { keys: ["j"], does: "…", run } with keys as `KeyboardEvent.key` says. */
export function bind(own, signal) {
  bindings = [...bindings, ...own];
  signal.addEventListener("abort", () => { bindings = bindings.filter(binding => !own.includes(binding)); });
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if (!(event.ctrlKey && ["f", "Enter"].includes(event.key))) return;
  }
  const key = event.ctrlKey ? `Ctrl-${event.key}` : event.key;
  const types = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (document.querySelector("dialog[open]") && key !== "Escape") return;
  if (types && key !== "Escape" && !key.startsWith("Ctrl-")) return;
  const binding = bindings.findLast(each => each.keys.includes(key));
  if (!binding || binding.run(event) === false) return;
  event.preventDefault();
});

export function sheet() {
  const dialog = h("dialog", { "aria-label": "Keyboard shortcuts", onclose: () => dialog.remove(), onclick: event => { if (event.target === dialog) dialog.close(); } },
    h("h2", null, "Keyboard"),
    h("dl", { class: "keys" }, bindings.filter(each => each.does).map(each => [
      h("dt", null, each.keys.filter(key => !key.startsWith("Ctrl-f")).map(key => h("kbd", null, names[key] ?? key))),
      h("dd", null, each.does),
    ])),
    h("button", { type: "button", onclick: () => dialog.close() }, "Close"));
  document.body.append(dialog);
  dialog.showModal();
}

const names = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", " ": "Space" };
