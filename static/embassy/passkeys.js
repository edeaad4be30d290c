// Asks the browser for a passkey, and sends its answer with the form. Where this does not run or the browser
// knows no passkeys, the page says so, and the codes serve.
(() => {
  const SAID = { NotAllowedError: "cancelled", InvalidStateError: "known" };

  for (const form of document.querySelectorAll("form[data-passkey]")) offer(form);

  function offer(form) {
    const place = form.querySelector("[role=alert]");
    const say = (what) => {
      place.textContent = what ? form.dataset[what] : "";
    };
    if (location.origin !== form.dataset.home) return say("elsewhere");
    if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return say("unable");
    const row = form.querySelector(".submit-row");
    row.hidden = false;
    if (form.hasAttribute("data-first")) row.querySelector("input").focus();

    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy || !form.reportValidity()) return;
      busy = true;
      say();
      try {
        const asked = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        // The session has ended: the sign-in page comes.
        if (asked.redirected) return location.reload();
        if (!asked.ok) throw new Error(asked.status);
        const { publicKey } = await asked.json();
        form.elements.answer.value = JSON.stringify(await answerTo(publicKey, form.dataset.passkey));
        form.submit();
      } catch (error) {
        busy = false;
        say(SAID[error.name] ?? "failed");
      }
    });
  }

  function answerTo(asked, act) {
    return act === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  }
})();
