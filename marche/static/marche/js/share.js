// <button data-share="address" data-done="Lien copié" hidden>: shares the ticket, or copies its address.
for (const button of document.querySelectorAll("[data-share]")) {
  const url = new URL(button.dataset.share || "", location.href).href;
  button.hidden = !(navigator.share || navigator.clipboard);
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) return await navigator.share({ title: document.title, url });
      await navigator.clipboard.writeText(url);
      button.querySelector("[data-label]").textContent = button.dataset.done;
    } catch { /* the person changed their mind */ }
  });
}
