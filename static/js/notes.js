// Notes without signal: what is typed is kept in this browser when sending fails, and sent when the signal is back.
// Each carries the key its page gave it, so a note that arrives twice is kept once. Without scripts the form is a form.

const box = document.querySelector("[data-unsent-notes]");
const form = document.querySelector("form[data-note]");
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "form_token"]);
const RETRY_MS = 60000;

const say = (text) => {
  const said = box.querySelector("[data-said]");
  said.textContent = text;
  said.scrollIntoView({ block: "nearest" }); // on a phone the form may fill the screen
};
const place = () => `notes:${box.dataset.person}`; // another person at this browser neither sees nor sends them
const unsent = () => {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? "[]");
  } catch {
    return [];
  }
};
const keep = (notes) => {
  localStorage.setItem(place(), JSON.stringify(notes));
  show();
};
const replace = (key, change) => keep(unsent().flatMap((note) => (note.key === key ? change(note) : [note])));
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

// What the portal says beside “The note is kept”, as “Its number is not counted”.
const warningIn = (text) =>
  new DOMParser().parseFromString(text, "text/html").querySelector(".ds_notification-message--warning p")?.textContent.trim() ?? "";

// "done" (`note.warned` says what to take care of), "later" (the portal fails at this one), "offline", "signed out", or the portal's own words for why it cannot be kept.
async function send(note) {
  const body = new FormData();
  for (const [name, value] of note.fields) body.append(name, value);
  body.append("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
  let response;
  try {
    response = await fetch(note.address, { method: "POST", body, credentials: "same-origin" });
  } catch {
    return "offline";
  }
  if (response.status >= 500) return "later";
  if (response.headers.has("X-Form-Out-Of-Date")) return "signed out"; // this page is another sign-in's
  if (response.redirected) {
    if (new URL(response.url).pathname !== note.done) return "signed out";
    note.warned = warningIn(await response.text().catch(() => "")); // it has arrived, whatever comes of the answer
    return "done";
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const reasons = page.querySelector("[data-error-summary] li") ?? page.querySelector("main p, main li");
  return reasons?.textContent.trim() || "The portal did not take it.";
}

let sending = false;
let retry;
async function sendAll() {
  if (sending || !unsent().some((note) => !note.refused)) return;
  sending = true;
  try {
    await sendEach();
  } catch {
    say("This browser can no longer change what it keeps. Reload the page to try again.");
  } finally {
    sending = false; // also when the browser's store is full or locked: the next signal tries again
  }
}

async function sendEach() {
  let sent = 0;
  let stopped = "";
  const warned = new Set();
  for (const note of unsent().filter((waiting) => !waiting.refused)) {
    const outcome = await send(note);
    if (outcome === "later") {
      stopped ||= "later";
      continue; // one that fails holds up no other
    }
    if (outcome === "offline" || outcome === "signed out") {
      stopped = outcome;
      break;
    }
    if (outcome === "done") sent += 1;
    if (note.warned) warned.add(note.warned);
    replace(note.key, (kept) => (outcome === "done" ? [] : [{ ...kept, refused: outcome }]));
  }
  if (stopped === "signed out") say("You are no longer signed in here. Sign in again, and the notes kept in this browser are sent.");
  else if (sent) say(`${sent === 1 ? "1 note" : `${sent} notes`} kept in this browser ${sent === 1 ? "has" : "have"} been sent. ${[...warned].join(" ")}`.trim());
  else if (!stopped) say("A note could not be kept by the portal. The reason stands beside it.");
  clearTimeout(retry);
  if (stopped === "offline" || stopped === "later") retry = setTimeout(sendAll, RETRY_MS);
}

function show() {
  const list = box.querySelector("[data-kept]");
  list.replaceChildren(...unsent().map(line));
}

function line(note) {
  const item = document.createElement("li");
  item.className = "psp_evidence__item psp_evidence__item--missing";
  const told = document.createElement("p");
  told.textContent = note.told;
  const state = document.createElement("p");
  state.className = "ds_hint-text";
  state.textContent = note.refused ? `Not kept by the portal: ${note.refused}` : "Kept in this browser, not sent yet.";
  item.append(told, state);
  if (note.refused) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds_button psp_button--link psp_button--small";
    button.textContent = "Delete it from this browser";
    button.addEventListener("click", () => replace(note.key, () => []));
    item.append(button);
  }
  return item;
}

function typed() {
  const data = new FormData(form);
  const fields = [...data].filter(([name]) => !NOT_KEPT.has(name));
  const seen = [...form.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const told = seen.map((field) => field.selectedOptions?.[0]?.textContent ?? field.value).filter(Boolean).join(" · ");
  return { key: data.get("client_key"), address: location.pathname, done: form.dataset.done, fields, told };
}

function begin() {
  form.reset();
  form.elements.client_key.value = newKey();
  form.elements.client_key.defaultValue = form.elements.client_key.value;
  form.elements.form_token.value = ""; // it was this page's first note's
}

async function onSubmit(event) {
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const note = typed();
  const outcome = await send(note);
  delete form.dataset.busy;
  if (outcome === "done") {
    say(`The note is kept. ${note.warned || "Type the next one, or go to all notes."}`);
    begin();
  } else if (outcome === "offline" || outcome === "later" || outcome === "signed out") {
    try {
      keep([...unsent(), note]);
    } catch {
      say("No signal, and this browser can keep nothing. Leave this page open and try again later.");
      return;
    }
    say(
      outcome !== "signed out"
        ? "No signal. The note is kept in this browser and sent when the signal is back."
        : "You are no longer signed in here. The note is kept in this browser and sent when you have signed in again.",
    );
    begin();
  } else form.submit(); // the page says beside each field what is wrong
}

if (box) {
  show();
  sendAll();
  window.addEventListener("online", sendAll);
  form?.addEventListener("submit", onSubmit);
}
