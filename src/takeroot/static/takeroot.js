/* Takeroot's one script. Every page works without it; with it, pages feel quicker:
   errors take the focus, a second click does not send a form twice, lists follow what is typed,
   and a form marked data-swap="id" replaces only that element of the page. */
"use strict";
(() => {
  const ready = (root) => {
    const errors = root.querySelector("[data-focus]");
    if (errors && !errors.closest("[data-still]")) errors.focus();
  };

  const release = () => document.querySelectorAll("[data-sent]").forEach((form) => {
    form.removeAttribute("data-sent");
    form.querySelectorAll("[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
  });

  // One element of the answer replaces its namesake here; anything unexpected is a full page load.
  let running;
  const swap = async (id, url, options) => {
    running?.abort();
    running = new AbortController();
    const old = document.getElementById(id);
    old?.setAttribute("aria-busy", "true");
    try {
      const headers = { "HX-Request": "true", "HX-Target": id };
      const answer = await fetch(url, { headers, signal: running.signal, ...options });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(id);
      if (!answer.ok || !fresh || !old) throw Object.assign(new Error("no such part"), { answer, page });
      const held = document.activeElement?.id;
      old.replaceWith(document.adoptNode(fresh));
      if (held) document.getElementById(held)?.focus();
      ready(fresh);
      // What the answer said goes with it: its messages, and (read aloud) the part's data-said.
      document.querySelector("main > .messages")?.remove();
      const news = page.querySelector("main > .messages");
      if (news) document.querySelector("main").prepend(document.adoptNode(news));
      const said = document.getElementById("said");
      if (said) said.textContent = fresh.dataset.said ?? news?.textContent ?? "";
      document.dispatchEvent(new CustomEvent("takeroot:swapped", { detail: { id } }));
      return answer.url;
    } catch (problem) {
      if (problem.name === "AbortError") return null;
      old?.removeAttribute("aria-busy");
      throw problem;
    }
  };

  const addressOf = (form) => {
    const url = new URL(form.getAttribute("action") || location.href, location.href);
    url.search = new URLSearchParams([...new FormData(form)].filter(([, v]) => v !== "")).toString();
    return url;
  };

  let timer;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const url = addressOf(form);
      swap(form.dataset.live, url).then((done) => done && history.replaceState(null, "", url), () => {});
    }, 220);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (event.defaultPrevented) return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    if (form.dataset.swap && !button?.name?.startsWith("_")) {
      event.preventDefault();
      const post = form.method === "post";
      const url = post ? new URL(form.getAttribute("action") || location.href, location.href) : addressOf(form);
      const body = post ? new FormData(form, button) : undefined;
      swap(form.dataset.swap, url, post ? { method: "POST", body } : {}).catch(({ answer, page }) => {
        // What was sent and answered is never sent again: show the answer itself.
        if (answer?.redirected) location.assign(answer.url);
        else if (answer) document.documentElement.replaceWith(document.adoptNode(page.documentElement));
        else { form.removeAttribute("data-swap"); form.requestSubmit(button); }
      });
      return;
    }
    if (!form.hasAttribute("data-once")) return;
    form.setAttribute("data-sent", "");
    // After this turn, so that the button's own name and value are still sent.
    setTimeout(() => {
      if (event.defaultPrevented) return;
      button?.setAttribute("aria-disabled", "true");
      if (form.dataset.busy && button) button.textContent = form.dataset.busy;
    });
    // A form that answers with a file leaves the page as it is: let it be used again.
    setTimeout(release, 8000);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
    document.querySelectorAll("details[data-fold][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-fold][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  addEventListener("pageshow", release);
  ready(document);
})();
