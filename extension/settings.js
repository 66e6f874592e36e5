// What is kept: port, key and language, in this browser profile only.

export const USUAL_PORT = 8765;

export async function settings() {
  const kept = await chrome.storage.local.get(["port", "key", "lang"]);
  const chinese = navigator.language.toLowerCase().startsWith("zh");
  return {
    port: Number.isInteger(kept.port) ? kept.port : USUAL_PORT,
    key: typeof kept.key === "string" ? kept.key : "",
    lang: kept.lang === "zh" || kept.lang === "en" ? kept.lang : chinese ? "zh" : "en",
  };
}

export function keep(some) {
  return chrome.storage.local.set(some);
}

export async function forgetKey() {
  await chrome.storage.local.remove("key");
}
