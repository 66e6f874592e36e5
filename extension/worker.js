// The two entries of the context menu. What was chosen waits in memory until the page that shows it takes it;
// it is never part of an address, because addresses are kept in the history.
"use strict";

chrome.runtime.onInstalled.addListener(async () => {
  await chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
  await chrome.contextMenus.removeAll();
  for (const context of ["selection", "link"]) {
    chrome.contextMenus.create({
      id: context,
      contexts: [context],
      title: chrome.i18n.getMessage(`menu_${context}`),
    });
  }
});

chrome.contextMenus.onClicked.addListener(async (info) => {
  const text = info.menuItemId === "link" ? info.linkUrl : info.selectionText;
  if (!text) return;
  await chrome.storage.session.set({ asked: text });
  await chrome.windows.create({ url: "check.html?asked", type: "popup", width: 460, height: 720 });
});
