// An enrolled link: the token behind # is handed in once, then the browser keeps a cookie that no script can read.

import { post } from "../lib/http.js";

const token = new URLSearchParams(location.hash.slice(1)).get("token");

async function enter() {
  history.replaceState(null, "", location.pathname); // the token leaves the address bar and the history
  const { ok, body } = await post("/board/enter", { token });
  if (ok) location.replace(["/board", body.office, body.lane].filter((part) => part !== null).join("/"));
  else document.getElementById("refused")?.removeAttribute("hidden");
}

if (token) enter();
