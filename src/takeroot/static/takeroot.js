/* Takeroot's one script. Every page works without it; with it, pages feel quicker:
   errors take the focus, a second click does not send a form twice, lists follow what is typed,
   a form marked data-swap="id" replaces only that element of the page, and a field marked
   data-suggest="address" offers what fits while one types. */
"use strict";
(() => {
  const say = (words) => {
    const said = document.getElementById("said");
    if (said) said.textContent = words;
  };
  const make = (tag, more, parent) => {
    const element = Object.assign(document.createElement(tag), more);
    parent?.append(element);
    return element;
  };

  // A combobox (ARIA 1.2): arrows move, Enter takes, Escape closes. What is taken goes with the
  // form as data-meant; typing on takes it back, and what the page had asked about it.
  const suggest = (input) => {
    const list = make("ul", { id: `${input.id}-fits`, className: "fits", hidden: true });
    const meant = make("input", { type: "hidden", name: input.dataset.meant, disabled: true });
    const counts = make("p", { className: "counts", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.label);
    const kept = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id };
    Object.entries(kept).forEach(([name, value]) => input.setAttribute(name, value));
    input.after(list, meant, counts);
    let options = [], at = -1, waiting, asking;

    const mark = (to) => {
      at = to;
      [...list.children].forEach((li, n) => li.setAttribute("aria-selected", n === at));
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", list.children[at].id);
    };
    const open = (yes) => {
      list.hidden = !yes;
      input.setAttribute("aria-expanded", yes);
      if (!yes) mark(-1);
    };
    const show = (answer) => {
      options = answer.options;
      list.replaceChildren();
      options.forEach((option, n) => {
        const li = make("li", { id: `${list.id}-${n}` }, list);
        li.setAttribute("role", "option");
        make("b", { textContent: option.words }, li);
        make("span", { textContent: option.title }, li);
      });
      open(options.length > 0);
      list.scrollIntoView({ block: "nearest" });
      say(answer.said);
    };
    const take = (option) => {
      input.value = option.words;
      meant.value = option.code;
      meant.disabled = false;
      counts.textContent = option.counts;
      counts.hidden = false;
      say(option.counts);
      open(false);
    };
    const ask = async () => {
      asking = new AbortController();
      const url = new URL(input.dataset.suggest, location.href);
      url.searchParams.set("q", input.value);
      try {
        const answer = await fetch(url, { signal: asking.signal });
        if (answer.ok && document.activeElement === input) show(await answer.json());
      } catch { open(false); }
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      asking?.abort();
      meant.disabled = counts.hidden = true;
      input.form?.querySelectorAll(`[type=radio][name=${input.dataset.meant}]`).forEach((radio) => {
        radio.checked = false;
        radio.closest(".field").hidden = true;
      });
      if (input.value.trim().length < 2) open(false);
      else waiting = setTimeout(ask, 180);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const n = options.length + 1;
      if (step) mark(((at + 1 + step + n) % n) - 1);
      else if (event.key === "Enter" && at >= 0) take(options[at]);
      else if (event.key === "Escape") open(false);
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", () => { clearTimeout(waiting); asking?.abort(); open(false); });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const li = event.target.closest("li");
      if (li) take(options[[...list.children].indexOf(li)]);
    });
    open(false);
  };

  const ready = (root) => {
    const errors = root.querySelector("[data-focus]");
    if (errors && !errors.closest("[data-still]")) errors.focus();
    root.querySelectorAll("[data-suggest]").forEach(suggest);
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
      say(fresh.dataset.said ?? news?.textContent ?? "");
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
