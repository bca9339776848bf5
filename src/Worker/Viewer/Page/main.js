// Which view the address asks for, and how one gets to another without loading the page again.
import { h, fill } from "./dom.js";
import { bind, sheet } from "./keys.js";
import { post } from "./api.js";
import { traces } from "./traces.js";
import { trace } from "./trace.js";
import { status } from "./status.js";
import { letters } from "./letters.js";
import { verdicts } from "./verdicts.js";
import { compare } from "./compare.js";
import { review } from "./review.js";

const views = {
  "/": { name: "Traces", show: traces },
  "/trace": { show: trace },
  "/compare": { show: compare },
  "/review": { name: "Review", show: review },
  "/verdicts": { name: "Verdicts", show: verdicts },
  "/letters": { name: "Dead letters", show: letters },
  "/status": { name: "Status", show: status },
};

const page = document.getElementById("page");
let leave = new AbortController();

/** Goes to an address of this page. */
export function go(address, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", address);
  show();
}

function show() {
  leave.abort();
  leave = new AbortController();
  const view = views[location.pathname] ?? views["/"];
  document.title = "Worker";
  for (const link of document.querySelectorAll("nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  fill(page);
  page.className = "";
  view.show(page, new URLSearchParams(location.search), leave.signal);
}

fill(document.querySelector("nav"), Object.entries(views).filter(([, view]) => view.name)
  .map(([path, view]) => h("a", { href: path }, view.name)));

document.addEventListener("click", event => {
  const link = event.target.closest?.("a[href^='/']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target || !(link.pathname in views)) return;
  event.preventDefault();
  go(link.href);
});

addEventListener("popstate", show);
document.getElementById("help").addEventListener("click", sheet);
bind([
  { keys: ["?"], does: "This sheet", run: sheet },
  { keys: ["t"], does: "All traces", run: () => go("/") },
  { keys: ["r"], does: "Review", run: () => go("/review") },
  { keys: ["v"], does: "Verdicts", run: () => go("/verdicts") },
  { keys: ["L"], does: "Dead letters", run: () => go("/letters") },
  { keys: ["s"], does: "Status", run: () => go("/status") },
], new AbortController().signal);

document.addEventListener("locked", () => {
  if (document.querySelector("dialog.lock")) return;
  const wrong = h("p", { role: "alert", class: "bad" });
  const input = h("input", { type: "password", name: "key", autocomplete: "current-password", required: true, "aria-label": "Key" });
  const dialog = h("dialog", { class: "lock", "aria-label": "A key is needed" },
    h("h2", null, "A key is needed"),
    h("p", null, "This worker has keys. ", h("code", null, "worker keys create --role read"), " makes one that may look."),
    h("form", { onsubmit: async event => {
      event.preventDefault();
      try {
        await post("/ui/api/session", { key: input.value });
        dialog.close();
        dialog.remove();
        show();
      } catch (error) {
        fill(wrong, error.message);
      }
    } }, input, wrong, h("button", null, "Open")));
  document.body.append(dialog);
  dialog.showModal();
});

show();
