// What the portal adds to pages that already work without scripts. Loaded as a module after the design system.

const POLL_MS = 1000;
const POLL_HIDDEN_MS = 10000;
const SENT_MS = 10000;

window.DS?.initAll();

// An error summary is read out first, and its links start from it.
document.querySelector("[data-error-summary]")?.focus();

// The same form is not sent twice by a double click; the server's form token is the real guard.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, SENT_MS);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A part of a page with data-poll="address" is fetched again until the server sends it without that attribute.
const announce = (text) => {
  const place = document.querySelector("[data-announcements]");
  if (place && place.textContent !== text) place.textContent = text;
};

async function refresh(part) {
  let response;
  try {
    response = await fetch(part.dataset.poll, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
  } catch {
    return; // offline for a moment: ask again at the next turn
  }
  if (response.status >= 500) return;
  const box = document.createElement("template");
  box.innerHTML = await response.text();
  const fresh = box.content.querySelector("[data-part]");
  if (!response.ok || response.redirected || !fresh) {
    part.removeAttribute("data-poll"); // signed out, or gone: the page says what it last knew
    return;
  }
  const hadFocus = part.contains(document.activeElement);
  part.replaceWith(fresh);
  if (hadFocus) (fresh.querySelector("a, button") ?? document.querySelector("main")).focus();
  if (fresh.dataset.announce !== part.dataset.announce) announce(fresh.dataset.announce ?? "");
}

async function poll() {
  const parts = [...document.querySelectorAll("[data-poll]")];
  if (parts.length === 0) return;
  await Promise.all(parts.map(refresh));
  setTimeout(poll, document.hidden ? POLL_HIDDEN_MS : POLL_MS);
}
setTimeout(poll, POLL_MS);
