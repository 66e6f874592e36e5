// Shows a passphrase that is being typed. Without this file it stays hidden, and pasting works.
"use strict";
for (const label of document.querySelectorAll("[data-reveal]")) {
  label.hidden = false;
  label.querySelector("input").addEventListener("change", (event) => {
    for (const id of label.dataset.reveal.split(" ")) {
      document.getElementById(id).type = event.target.checked ? "text" : "password";
    }
  });
}
