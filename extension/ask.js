// The one request that this extension makes: a text to the Clawback on this machine.

export const LONGEST = 20000; // characters, as the server counts them
const PATIENCE_MS = 20000;

// Gives the answer, or { problem }: "no_key", "not_running", "refused", "failed".
export async function ask(text, { port, key, lang }) {
  if (!key) return { problem: "no_key" };
  let answer;
  try {
    answer = await fetch(`http://127.0.0.1:${port}/api/v1/check`, {
      method: "POST",
      headers: { "Authorization": `Bearer ${key}`, "Content-Type": "application/json", "Accept-Language": lang },
      body: JSON.stringify({ text: [...text].slice(0, LONGEST).join("") }),
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return { problem: "not_running" };
  }
  if (answer.status === 403) return { problem: "refused" };
  if (!answer.ok) return { problem: "failed" };
  try {
    return await answer.json();
  } catch {
    return { problem: "failed" };
  }
}
