// A question before something that cannot be undone.
import { h } from "./dom.js";

/** Whether somebody says so; the answer that changes nothing has the focus. */
export function confirm({ title, words, does, danger = false }) {
  return new Promise(resolve => {
    let is = false;
    const no = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
    const dialog = h("dialog", { "aria-label": title, onclose: () => { dialog.remove(); resolve(is); } },
      h("h2", null, title), words.filter(Boolean).map(each => h("p", null, each)),
      h("div", { class: "answers" }, no, h("button", { type: "button", class: danger ? "danger" : null, onclick: () => { is = true; dialog.close(); } }, does)));
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
