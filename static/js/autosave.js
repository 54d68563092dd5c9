// A return's draft saves itself shortly after typing stops. The ordinary buttons work as before; nothing is submitted.

const WAIT_MS = 1500;
const form = document.querySelector("form[data-autosave]");
const status = document.querySelector("[data-draft-said]");

let timer = 0;
let stopped = false;
let saving = null;
let sent = "";

const say = (text) => {
  if (status.textContent !== text) status.textContent = text;
};
const place = `draft:${status?.dataset.person}:${location.pathname}`;
const OWN = new Set(["csrfmiddlewaretoken", "form_token", "version"]);
const typed = () => [...new FormData(form)].filter(([name]) => !OWN.has(name));
const version = () => form.elements.version.value;

// What has not reached the portal waits in this tab, for this person and this page.
function hold(because) {
  try {
    sessionStorage.setItem(place, JSON.stringify({ version: version(), because, fields: typed() }));
  } catch {
    // the tab can keep nothing: what is typed stays in the form
  }
}
const letGo = () => sessionStorage.removeItem(place);

async function save() {
  const body = new FormData(form);
  const before = JSON.stringify(typed());
  if (before === sent) return;
  body.delete("form_token"); // it belongs to the buttons
  body.append("save", "by itself");
  let response;
  try {
    response = await fetch(form.getAttribute("action") || location.pathname, { method: "POST", body, credentials: "same-origin" });
  } catch {
    hold("offline");
    say("No signal. What you type is kept in this tab and saved when the signal is back.");
    return;
  }
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
    hold("signed out");
    if (response.status >= 500) return say("Not saved: the portal did not answer. It tries again when you type on.");
    stopped = true;
    if (response.status === 403 && !response.headers.has("X-Form-Out-Of-Date")) {
      return say("Not saved: your role does not let you change this return any more. Copy what you typed before you leave.");
    }
    return saySignedOut();
  }
  const answer = await response.json();
  say(answer.said);
  if (answer.version) {
    form.elements.version.value = answer.version;
    sent = before;
    letGo();
  } else hold("refused");
  if (response.status === 409) stopped = true;
}

function saySignedOut() {
  say("You are signed out. What was saved is safe, and the rest is kept in this tab. ");
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = "Sign in again";
  status.append(link);
}

const saveNow = () => {
  saving ??= save().finally(() => (saving = null));
  return saving;
};

function onInput() {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(saveNow, WAIT_MS);
  else hold("stopped");
}

// A button pressed while a draft is on its way waits for it: it would be told that its page is out of date.
function onSubmit(event) {
  clearTimeout(timer);
  stopped = true;
  if (!saving) return hold("sending");
  event.preventDefault();
  const button = event.submitter;
  saving.finally(() => form.requestSubmit(button));
}

// After signing in again: what had not been saved is put back, unless the draft has moved on since.
function putBack() {
  const kept = JSON.parse(sessionStorage.getItem(place) ?? "null");
  if (!kept || document.querySelector("[data-error-summary]")) return;
  if (kept.because === "sending" && kept.version !== version()) return letGo();
  const moved = kept.version !== version();
  let changed = 0;
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name) || field.type === "hidden" || field.type === "submit") continue;
    changed += fill(field, kept.fields.filter(([name]) => name === field.name).map(([, value]) => value), moved);
  }
  letGo();
  if (!changed) return;
  say(
    moved
      ? "What you typed before is put back where the boxes were empty: the draft was saved by somebody since. It is not saved yet."
      : "What you typed before is put back. It is not saved yet.",
  );
  onInput();
}

function fill(field, values, onlyIfEmpty) {
  if (field.type === "checkbox" || field.type === "radio") {
    const ticked = values.includes(field.value);
    if (field.checked === ticked || onlyIfEmpty) return 0;
    field.checked = ticked;
    return 1;
  }
  const value = values[0] ?? "";
  if (field.value === value || (onlyIfEmpty && field.value)) return 0;
  field.value = value;
  return 1;
}

if (form && status) {
  sent = JSON.stringify(typed());
  putBack();
  form.addEventListener("input", onInput);
  form.addEventListener("submit", onSubmit);
  window.addEventListener("online", onInput);
}
