// <button data-scan hidden> shows itself where the browser reads QR codes; what it reads is searched like typed text.
const button = document.querySelector("[data-scan]");
const dialog = document.querySelector("[data-scan-dialog]");
const hold = dialog?.querySelector("[data-scan-says]").textContent;
const EVERY_MS = 200;

async function reads() {
  return "BarcodeDetector" in window && navigator.mediaDevices
    && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function scan() {
  const video = dialog.querySelector("[data-scan-video]");
  const says = dialog.querySelector("[data-scan-says]");
  says.textContent = hold;
  dialog.showModal();
  let camera;
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = camera;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (dialog.open) {
      const [code] = await detector.detect(video);
      if (code) return find(code.rawValue);
      await new Promise(resolve => setTimeout(resolve, EVERY_MS));
    }
  } catch {
    says.textContent = says.dataset.refused;
  } finally {
    camera?.getTracks().forEach(track => track.stop());
  }
}

function find(text) {
  const form = button.form;
  form.elements.q.value = text;
  form.requestSubmit();
}

if (button && await reads()) {
  button.hidden = false;
  button.addEventListener("click", scan);
}
