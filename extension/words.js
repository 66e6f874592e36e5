// Every sentence in both languages. {names} are filled in.

const WORDS = {
  check_title: ["查一查", "Check"],
  options_title: ["设置", "Settings"],
  name: ["追回", "Clawback"],
  other: ["English", "中文"],
  paste: ["贴上对方的话、链接或账号", "Paste what they said, a link or an account"],
  go: ["查一查", "Check"],
  go_address: ["查当前网页的地址", "Check the address of this page"],
  working: ["正在查", "Checking"],
  stays: ["只问这台机器上的追回，别处什么都不发；查过什么，不留记录。", "Only the Clawback on this machine is asked. Nothing is sent anywhere else or recorded."],
  empty: ["先贴一段文字。", "Paste some text first."],
  settings: ["设置", "Settings"],
  problem_no_key: ["还没有填口令。先在“设置”里填上启动追回时用的口令。", "No key yet. Give the key that Clawback was started with, in Settings."],
  problem_not_running: ["没连上追回。请在这台机器上启动它，再看看“设置”里的端口对不对。", "Clawback did not answer. Start it on this machine, and see whether the port in Settings is right."],
  problem_refused: ["追回不认这个口令。请在“设置”里重新填。", "Clawback does not accept this key. Please give it again in Settings."],
  problem_failed: ["这次没查成。请再试一次。", "That did not work. Please try again."],
  result_likely: ["很像诈骗", "Very likely a scam"],
  result_some: ["有可疑之处", "Some warning signs"],
  result_none: ["没发现诈骗迹象，但这不等于安全", "No signs found. That does not mean it is safe"],
  result_cannot: ["查不了", "Cannot tell"],
  advice_likely: ["现在：不要付款，不要加好友，不要点链接，不要给验证码。", "For now: do not pay, do not add them, do not open links, give no code."],
  advice_some: ["先不要付款，也不要点里面的链接。用您自己找到的电话或 App 去核实。", "Do not pay and do not open its links yet. Check by a number or app that you found yourself."],
  advice_none: ["涉及付钱、给验证码、下载软件的，先用您自己找到的电话核实。", "If it is about paying, giving a code or installing something, check first by a number that you found yourself."],
  advice_cannot: ["没弄清楚之前，不要付款，也不要给验证码。", "Until it is clear, do not pay and give no code."],
  kind: ["：{name}", ": {name}"],
  why: ["为什么（原话）", "Why (their words)"],
  whole: ["看的是整段文字的写法", "this is about how the whole text is written"],
  links: ["里面的链接", "Links in it"],
  link_likely: ["很可能是诈骗链接", "very likely a scam link"],
  link_some: ["有可疑之处", "some warning signs"],
  link_none: ["没发现迹象", "no signs found"],
  link_cannot: ["看不出来", "cannot tell"],
  genuine: ["这是 {name} 自己的网址", "this is {name}'s own site"],
  next: ["接下来对方多半会{what}", "Next they will probably {what}"],
  change: ["什么会改变判断", "What would change this"],
  do: ["现在该做的", "What to do"],
  crisis: ["先找人说说：{name} {phone}", "Talk to somebody first: {name} {phone}"],
  cut: ["内容太长，只看了前面 20,000 个字。", "It is long: only the first 20,000 characters were looked at."],
  options_intro: ["先在这台机器上这样启动追回，口令由您自己定：", "Start Clawback on this machine like this, with a key that you choose:"],
  port: ["端口", "Port"],
  port_hint: ["启动时 --port 后面的数字，平时是 8765。", "The number after --port, usually 8765."],
  port_wrong: ["端口是 1 到 65535 之间的数字。", "A port is a number from 1 to 65535."],
  key: ["口令", "Key"],
  key_hint: ["只存在这个浏览器里，只发给这台机器上的追回。从浏览器来，它只能用来查一查，打不开案件。", "It stays in this browser and is sent only to the Clawback on this machine. From a browser it serves for checking alone and opens no case."],
  key_wrong: ["先填口令。", "Please give the key."],
  keep: ["保存并试一试", "Save and try"],
  forget: ["忘掉口令", "Forget the key"],
  forgotten: ["口令已经忘掉。", "The key is forgotten."],
  works: ["连上了，可以用了。", "It works. You are ready."],
  how: ["用法：选中文字或对着链接点右键，或者点工具栏上的图标。", "To use it, right-click selected text or a link, or press the icon in the toolbar."],
};

export function say(lang, key, values = {}) {
  const words = WORDS[key][lang === "zh" ? 0 : 1];
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

// Puts the language and every sentence that stands in the page into it; as text, never as HTML.
export function speak(lang, title) {
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = `${say(lang, title)} – ${say(lang, "name")}`;
  for (const place of document.querySelectorAll("[data-say]")) {
    place.textContent = say(lang, place.dataset.say);
  }
  const other = document.getElementById("other");
  other.lang = lang === "zh" ? "en" : "zh-Hans";
}
